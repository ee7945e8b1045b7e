import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { join } from "node:path";
import { type Announcement, type CgroupKey, constants } from "../kernel/mod.ts";
import { Cgroups, type ProcessInCgroup } from "./cgroups.ts";
import { Containers, findContainers, type Found, type SlotTable } from "./containers.ts";

const id = "46cdd5404e55205470110a55adb4b9ae12a6431d1fca5115a16707c374f2e55c";
const other = "b322197a61acbf9b8ae8dcd653b4ebe8694bdec1092b7f40ee7716fdb9db5a18";

/** `12`, `12 nested`, `12 v1`: a cgroup as the kernel names it. */
function name(key: CgroupKey): string {
  return [key.id, ...(key.nested ? ["nested"] : []), ...(key.v1 ? ["v1"] : [])].join(" ");
}

/** The kernel's tables, as far as they show where a cgroup counts. */
class FakeSlots implements SlotTable {
  readonly slotOf = new Map<string, number>();
  readonly rootOf = new Map<number, string>();
  readonly resting = new Set<number>();
  announced: Announcement[] = [];
  removed: number[] = [];
  #next: number = constants.SLOT_FIRST;
  readonly #size: number;

  constructor(size = 100) {
    this.#size = size;
  }

  claim(key: CgroupKey): number | undefined {
    if (this.#next >= this.#size) return undefined;
    const slot = this.#next++;
    this.adopt(slot, key);
    this.assign(key, slot);
    return slot;
  }

  assign(key: CgroupKey, slot: number, mode: "any" | "noexist" = "any"): boolean {
    if (mode === "noexist" && this.slotOf.has(name(key))) return false;
    this.slotOf.set(name(key), slot);
    return true;
  }

  adopt(slot: number, root: CgroupKey): void {
    this.rootOf.set(slot, name(root));
  }

  poll() {
    const { announced, removed } = this;
    this.announced = [];
    this.removed = [];
    return { announced, emptied: [], filled: [], removed };
  }

  release(slot: number, moved: ReadonlyMap<CgroupKey, number> = new Map()): void {
    this.resting.add(slot);
    for (const [key, destination] of moved) this.assign(key, destination);
  }

  settle(onFree: (slot: number) => void): void {
    for (const slot of this.resting) onFree(slot);
    this.resting.clear();
  }

  /** A cgroup calls for the first time. */
  meet(key: CgroupKey, path: string, facts: Partial<Announcement> = {}): number {
    const slot = this.#next++;
    this.slotOf.set(name(key), slot);
    const told = { slot, ...key, path, time: 5n, pid: 1, comm: "sh", truncated: false, ...facts };
    this.announced.push(told);
    return slot;
  }
}

/** A hybrid machine whose cgroups are folders in a temporary one. */
class Machine implements Disposable {
  readonly folder = Deno.makeTempDirSync();
  readonly cgroups = new Cgroups({
    v2: join(this.folder, "v2"),
    v1: new Map([["memory", join(this.folder, "memory")]]),
  });
  readonly slots: FakeSlots;
  readonly containers: Containers;
  /** A folder's inode number may be given to the next one: what is removed here is only moved away. */
  #removed = 0;

  constructor(slots = new FakeSlots()) {
    for (const hierarchy of ["v2", "memory", "gone"]) {
      Deno.mkdirSync(join(this.folder, hierarchy));
    }
    this.slots = slots;
    this.containers = new Containers(this.cgroups, "memory", slots, 1n);
  }

  #path(path: string, v1: boolean): string {
    return join(this.folder, v1 ? "memory" : "v2", path);
  }

  make(path: string, { v1 = false, nested = false } = {}): CgroupKey {
    Deno.mkdirSync(this.#path(path, v1), { recursive: true });
    return { id: this.cgroups.id(path, v1 ? "memory" : undefined) ?? 0n, nested, v1 };
  }

  remove(path: string, { v1 = false } = {}): void {
    Deno.renameSync(this.#path(path, v1), join(this.folder, "gone", String(this.#removed++)));
  }

  /** Containers that started and stopped, by id. */
  update(): { started: string[]; stopped: string[] } {
    const { started, stopped } = this.containers.update();
    return {
      started: started.map(({ identity }) => identity.id),
      stopped: stopped.map(({ identity }) => identity.id),
    };
  }

  settle(): number[] {
    const freed: number[] = [];
    this.containers.settle((slot) => freed.push(slot));
    return freed;
  }

  /** The id of whom a slot counts for. */
  owner(slot: number): string | undefined {
    return this.containers.owner(slot)?.identity.id;
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.folder, { recursive: true });
  }
}

function process(
  pid: number,
  v2: string,
  v1: Readonly<Record<string, string>> = {},
  nested = true,
): ProcessInCgroup {
  return { pid, cgroups: { v2, v1: new Map(Object.entries(v1)) }, nested };
}

Deno.test("find: by v2, or by the v1 controller where v2 is the root", () => {
  const found = findContainers([
    process(1, "/", { memory: "/" }, false),
    process(2, `/docker/${id}`, { memory: "/elsewhere" }),
    process(3, `/docker/${id}/init.scope`),
    process(4, "/", { memory: `/docker/${other}`, pids: "/" }),
    process(5, "/system.slice/ssh.service", {}, false),
  ], "memory");
  deepStrictEqual(
    found.map(({ identity, v1, pids }) => [identity.id, v1, pids]),
    [[id, false, [2, 3]], [other, true, [4]]],
  );
});

Deno.test("find: without a v1 controller only v2 tells", () => {
  deepStrictEqual(
    findContainers([process(4, "/", { memory: `/docker/${id}` }, false)], undefined),
    [],
  );
});

Deno.test("start: what runs already has a slot, in and outside of its pid namespace; the rest is the host's", () => {
  using machine = new Machine();
  const { slots, containers } = machine;
  const docker = machine.make(`/docker/${id}`, { v1: true });
  const parent = machine.make("/docker", { v1: true });
  const ssh = machine.make("/system.slice/ssh.service");
  const found = findContainers([process(7, "/", { memory: `/docker/${id}` })], "memory");
  const [container] = containers.prepare(found, 3n);
  strictEqual(container?.origin, "seen");
  strictEqual(container.since, 3n);
  const slot = slots.slotOf.get(name(docker));
  strictEqual(slots.slotOf.get(name({ ...docker, nested: true })), slot);
  strictEqual(slots.rootOf.get(slot ?? 0), name(docker));
  strictEqual(machine.owner(slot ?? 0), id);
  strictEqual(slots.slotOf.get(name(parent)), constants.SLOT_HOST);
  strictEqual(slots.slotOf.get(name(ssh)), constants.SLOT_HOST);
  deepStrictEqual(machine.update(), { started: [], stopped: [] });
});

Deno.test("start: of a plain container's cgroup only what is in the pid namespace is the container's", () => {
  using machine = new Machine();
  const shared = machine.make("/user.slice");
  machine.containers.prepare(findContainers([process(7, "/user.slice")], undefined), 3n);
  const slot = machine.slots.slotOf.get(name({ ...shared, nested: true }));
  strictEqual(machine.owner(slot ?? 0), "user.slice");
  strictEqual(machine.slots.slotOf.get(name(shared)), constants.SLOT_HOST);
});

Deno.test("start: containers for which there is no slot are left to the overflow", () => {
  using machine = new Machine(new FakeSlots(constants.SLOT_FIRST + 1));
  for (const each of [id, other]) machine.make(`/docker/${each}`);
  const found = findContainers(
    [process(1, `/docker/${id}`), process(2, `/docker/${other}`)],
    undefined,
  );
  deepStrictEqual(machine.containers.prepare(found, 1n).map(({ identity }) => identity.id), [id]);
});

Deno.test("start: a container that ends before the programs are attached is swept away", () => {
  using machine = new Machine();
  machine.make(`/docker/${id}`);
  const found: Found[] = findContainers([process(1, `/docker/${id}`)], undefined);
  const seen = machine.containers.prepare(found, 1n);
  deepStrictEqual(machine.containers.sweep(), []);
  machine.remove(`/docker/${id}`);
  deepStrictEqual(machine.containers.sweep(), seen);
  strictEqual(seen[0]?.state, "stopped");
  deepStrictEqual(machine.settle(), [constants.SLOT_FIRST]);
});

Deno.test("met: a container starts with its first call", () => {
  using machine = new Machine();
  const key = machine.make(`/docker/${id}`, { nested: true });
  const slot = machine.slots.meet(key, `/docker/${id}`);
  deepStrictEqual(machine.update(), { started: [id], stopped: [] });
  const container = machine.containers.owner(slot);
  strictEqual(container?.origin, "started");
  strictEqual(container.since, 5n);
  // Outside of its pid namespace too, where its engine's helper calls.
  strictEqual(machine.slots.slotOf.get(name({ ...key, nested: false })), slot);
  strictEqual(machine.slots.rootOf.get(slot), name({ ...key, nested: false }));
});

Deno.test("met: what is no container's gives its slot back, and counts as the host's", () => {
  using machine = new Machine();
  const key = machine.make("/system.slice/cron.service");
  const slot = machine.slots.meet(key, "/system.slice/cron.service");
  deepStrictEqual(machine.update(), { started: [], stopped: [] });
  strictEqual(machine.slots.slotOf.get(name(key)), constants.SLOT_HOST);
  // Until the row is read for the last time, it is the host's.
  strictEqual(machine.owner(slot), "host");
  deepStrictEqual(machine.settle(), [slot]);
  strictEqual(machine.owner(slot), undefined);
});

Deno.test("met: in v1, then in v2, outside and inside of its pid namespace: one container", () => {
  using machine = new Machine();
  const path = `/docker/${id}`;
  const v1 = machine.make(path, { v1: true });
  const v2 = machine.make(path);
  const first = machine.slots.meet(v1, path);
  deepStrictEqual(machine.update().started, [id]);
  const second = machine.slots.meet(v2, path);
  const third = machine.slots.meet({ ...v2, nested: true }, path);
  deepStrictEqual(machine.update(), { started: [], stopped: [] });
  for (const slot of [first, second, third]) strictEqual(machine.owner(slot), id);
  for (const key of [v1, v2]) {
    for (const nested of [false, true]) {
      strictEqual(machine.slots.slotOf.get(name({ ...key, nested })), first);
    }
  }
  deepStrictEqual(machine.settle(), [second, third]);
  strictEqual([...machine.containers.slots()].length, 3, "the host, the overflow, the container");
});

Deno.test("met: a cgroup below a container's own is the container", () => {
  using machine = new Machine();
  const own = machine.make(`/docker/${id}`);
  const inner = machine.make(`/docker/${id}/docker/${other}`, { nested: true });
  const slot = machine.slots.meet(inner, `/docker/${id}/docker/${other}`);
  deepStrictEqual(machine.update().started, [id]);
  strictEqual(machine.slots.rootOf.get(slot), name(own));
  strictEqual(machine.slots.slotOf.get(name(own)), slot);
  // Its own cgroup is met later than the one below it.
  const late = machine.slots.meet(own, `/docker/${id}`);
  deepStrictEqual(machine.update(), { started: [], stopped: [] });
  strictEqual(machine.owner(late), id);
  strictEqual(machine.slots.slotOf.get(name(own)), slot);
});

Deno.test("met: a path that the kernel had to cut is asked of the process, or taken as it is", () => {
  using machine = new Machine();
  const key = machine.make("/cut");
  machine.slots.meet(key, `/docker/${id}`, { truncated: true, pid: 2 ** 22 + 1 });
  deepStrictEqual(machine.update().started, [id]);
});

Deno.test("stop: with its cgroup; its row is still read, then its slot is free", () => {
  using machine = new Machine();
  const slot = machine.slots.meet(machine.make(`/docker/${id}`), `/docker/${id}`);
  machine.update();
  const container = machine.containers.owner(slot);
  machine.remove(`/docker/${id}`);
  machine.slots.removed = [slot];
  deepStrictEqual(machine.update(), { started: [], stopped: [id] });
  strictEqual(container?.state, "stopped");
  strictEqual(machine.owner(slot), id);
  deepStrictEqual(machine.settle(), [slot]);
  strictEqual(machine.owner(slot), undefined);
  deepStrictEqual(machine.update(), { started: [], stopped: [] });
});

Deno.test("stop: what came and went between two looks starts and stops", () => {
  using machine = new Machine();
  const key = machine.make(`/docker/${id}`);
  const slot = machine.slots.meet(key, `/docker/${id}`);
  machine.remove(`/docker/${id}`);
  machine.slots.removed = [slot];
  deepStrictEqual(machine.update(), { started: [id], stopped: [id] });
  strictEqual(machine.owner(slot), id, "its row is still to be read");
});

Deno.test("stop: what came and went in two hierarchies is one container as well", () => {
  using machine = new Machine();
  const path = `/docker/${id}`;
  const keys = [machine.make(path, { v1: true }), machine.make(path)];
  const slots = keys.map((key) => machine.slots.meet(key, path));
  machine.remove(path);
  machine.remove(path, { v1: true });
  machine.slots.removed = slots;
  deepStrictEqual(machine.update(), { started: [id], stopped: [id] });
  deepStrictEqual(machine.update(), { started: [], stopped: [] });
});

Deno.test("stop: a cgroup below a container's own ends, the container does not", () => {
  using machine = new Machine();
  machine.make(`/docker/${id}`);
  const inner = machine.make(`/docker/${id}/inner`);
  const slot = machine.slots.meet(inner, `/docker/${id}/inner`);
  machine.remove(`/docker/${id}/inner`);
  machine.slots.removed = [slot];
  deepStrictEqual(machine.update(), { started: [id], stopped: [] });
});

Deno.test("again: started at the same path between two looks: it stops, then it starts", () => {
  using machine = new Machine();
  const path = `/docker/${id}`;
  const v1 = machine.make(path, { v1: true });
  const before = machine.slots.meet(v1, path);
  machine.update();
  machine.remove(path, { v1: true });
  machine.slots.removed = [before];
  const keys = [machine.make(path, { v1: true }), machine.make(path)];
  const [after = 0, twin = 0] = keys.map((key) => machine.slots.meet(key, path));
  deepStrictEqual(machine.update(), { started: [], stopped: [id] });
  // Its slot is not the old one's, which somebody else will have.
  for (const [i, key] of keys.entries()) {
    strictEqual(machine.slots.slotOf.get(name(key)), [after, twin][i]);
  }
  deepStrictEqual(machine.settle(), [before]);
  deepStrictEqual(machine.update(), { started: [id], stopped: [] });
  strictEqual(machine.owner(after), id);
  for (const key of keys) strictEqual(machine.slots.slotOf.get(name(key)), after);
});

Deno.test("again: and gone before it was looked at again", () => {
  using machine = new Machine();
  const path = `/docker/${id}`;
  const before = machine.slots.meet(machine.make(path), path);
  machine.update();
  machine.remove(path);
  const after = machine.slots.meet(machine.make(path), path);
  machine.remove(path);
  machine.slots.removed = [before, after];
  deepStrictEqual(machine.update(), { started: [], stopped: [id] });
  deepStrictEqual(machine.update(), { started: [id], stopped: [id] });
  deepStrictEqual(machine.settle().sort(), [before, after]);
});

Deno.test("again: several times between two looks: no slot that counts goes to somebody else", () => {
  using machine = new Machine();
  const path = `/docker/${id}`;
  const slots = [machine.slots.meet(machine.make(path), path)];
  machine.update();
  for (let i = 0; i < 3; i++) {
    machine.remove(path);
    slots.push(machine.slots.meet(machine.make(path), path));
  }
  const last = machine.make(path);
  machine.slots.removed = slots.slice(0, -1);
  deepStrictEqual(machine.update(), { started: [], stopped: [id] });
  deepStrictEqual(machine.settle(), [slots[0]]);
  deepStrictEqual(machine.update(), { started: [id], stopped: [] });
  machine.settle();
  const counting = machine.slots.slotOf.get(name(last)) ?? 0;
  strictEqual(machine.owner(counting), id);
  strictEqual(machine.slots.rootOf.get(counting), name(last));
});

Deno.test("again: just when it was met: what is at its path then ends it", () => {
  using machine = new Machine();
  const path = `/docker/${id}`;
  const slot = machine.slots.meet(machine.make(path), path);
  machine.update();
  machine.remove(path);
  // Its removal was told to nobody.
  const again = machine.make(path);
  machine.slots.meet(again, path);
  machine.update();
  strictEqual(machine.slots.slotOf.get(name(again)), slot);
  strictEqual(machine.slots.rootOf.get(slot), name(again));
});
