/**
 * Which of some words is nearest to a misspelt one.
 *
 * @module
 */

/** How many letters were left out, put in, exchanged, or swapped with their neighbour (optimal alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, before[j - 2]! + 1);
      }
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/**
 * The nearest words, nearest first, `limit` at most: those with less than half of the letters wrong, and
 * those that go on where the misspelt one ends.
 */
export function closest(typo: string, words: Iterable<string>, limit = 3): string[] {
  const wanted = typo.toLowerCase();
  const tolerated = Math.min(3, Math.floor(wanted.length / 2));
  const near: { word: string; far: number; alike: number }[] = [];
  for (const word of words) {
    const goesOn = wanted.length >= 3 && word.startsWith(wanted);
    const far = goesOn ? 1 : distance(wanted, word);
    if (far <= tolerated) near.push({ word, far, alike: commonPrefix(wanted, word) });
  }
  return near.sort((a, b) => a.far - b.far || b.alike - a.alike)
    .slice(0, limit).map(({ word }) => word);
}
