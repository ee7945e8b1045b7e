/**
 * Files that hold secrets of a system or its users, as {@linkcode isAmong} takes them.
 *
 * @module
 */

/** Where they usually are. */
export const secrets: readonly string[] = [
  "/etc/shadow",
  "/etc/shadow-",
  "/etc/gshadow",
  "/etc/gshadow-",
  "/etc/master.passwd",
  "/etc/sudoers",
  "/etc/sudoers.d/",
  "/etc/security/opasswd",
  "/etc/ssh/ssh_host_*_key",
  "/etc/kubernetes/*.conf",
  "/etc/kubernetes/pki/**.key",
  "~/.ssh/id_*",
  "~/.aws/credentials",
  "~/.azure/accessTokens.json",
  "~/.config/gcloud/credentials.db",
  "~/.docker/config.json",
  "~/.git-credentials",
  "~/.kube/config",
  "~/.netrc",
  "~/.pgpass",
];
