# shellcheck shell=sh
# Installs what tallyman needs, from the distribution and from npm. Sourced by ./tallyman and ./test.
# Safe to run again: what is there is left alone. Says what it does before it does it.

deno_version=2.9.6

note() { printf 'tallyman: %s\n' "$*" >&2; }

stop() {
	note "$*"
	exit 3
}

# as_root COMMAND…: by sudo where we are not root.
as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		stop "'$*' needs root, and there is no sudo: run this as root"
	fi
}

# packages NAME…: those that are missing, from Debian or Ubuntu.
packages() {
	missing=
	for package; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing="$missing $package"
	done
	[ -n "$missing" ] || return 0
	command -v apt-get >/dev/null || stop "install by your distribution's means:$missing"
	note "installing from the distribution:$missing"
	as_root apt-get -qq update >&2 || note "apt-get update failed: going on with the lists that are here"
	# shellcheck disable=SC2086 # a list of words
	as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >&2 ||
		stop "apt-get could not install$missing, as it says above: install that by other means, and run this again"
}

# download NAME: into the current folder. Not as apt's own user, who may not write there.
download() { apt-get -qq -o APT::Sandbox::User=root download "$1"; }

# unpacked NAME…: packages into .tools/debian/, and the libraries that they need onto the system. For programs that
# must not run, or can't be, installed beside what a machine has: two system loggers exclude each other.
unpacked() {
	command -v apt-get >/dev/null || return 0
	for unpackage; do
		[ -e "$root/.tools/debian/$unpackage.unpacked" ] && continue
		note "unpacking the distribution's $unpackage into .tools/debian/"
		folder=$(mktemp -d)
		(cd "$folder" && { download "$unpackage" || { as_root apt-get -qq update && download "$unpackage"; }; }) >&2 || {
			rm -r "$folder"
			stop "apt-get could not download $unpackage, as it says above"
		}
		needed=$(dpkg-deb -f "$folder"/*.deb Depends | tr ',' '\n' | sed 's/^ *//; s/[ (|].*//' | grep '^lib' || true)
		# shellcheck disable=SC2086 # a list of words
		packages $needed
		mkdir -p "$root/.tools/debian"
		dpkg-deb -x "$folder"/*.deb "$root/.tools/debian"
		: >"$root/.tools/debian/$unpackage.unpacked"
		rm -r "$folder"
	done
}

# libbpf: the one library that the monitor opens.
need_libbpf() {
	ldconfig -p 2>/dev/null | grep -q 'libbpf\.so\.1' || [ -n "${LIBBPF_PATH:-}" ] || packages libbpf1
}

# need_deno: sets $deno to a Deno that is new enough: the user's own, or one in .tools/.
need_deno() {
	deno=$(command -v deno || true)
	if [ -n "$deno" ] && "$deno" eval "
		const [major, minor] = Deno.version.deno.split('.').map(Number);
		Deno.exit(major > 2 || (major === 2 && minor >= 9) ? 0 : 1)" 2>/dev/null; then
		return
	fi
	case $(uname -m) in
	x86_64) native=linux-x64-glibc ;;
	aarch64) native=linux-arm64-glibc ;;
	*) stop "Deno is not made for $(uname -m)" ;;
	esac
	# The program itself: its wrapper would start Node first.
	deno=$root/.tools/deno-$deno_version/node_modules/@deno/$native/deno
	[ -x "$deno" ] && return
	command -v npm >/dev/null || stop "Deno comes by npm here, and there is no npm: install Node.js, or Deno itself"
	note "installing Deno $deno_version by npm into .tools/"
	# Elsewhere first: what was interrupted must not pass for a Deno.
	new=$root/.tools/deno.new
	rm -rf "$new"
	mkdir -p "$new" || stop "Deno can't be put into $root/.tools: install Deno $deno_version, or later, by other means"
	npm install --loglevel=error --no-update-notifier --no-fund --no-audit --no-save --ignore-scripts \
		--prefix "$new" "deno@$deno_version" >&2 ||
		stop "npm could not install Deno, as it says above: install Deno $deno_version, or later, by other means"
	[ -x "$new/node_modules/@deno/$native/deno" ] || stop "npm has installed Deno, but its program is not there"
	rm -rf "$root/.tools/deno-$deno_version"
	mv "$new" "$root/.tools/deno-$deno_version"
}
