package io.claviger.gateway.redact;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The secrets to search for, prepared for one search for all of them: the automaton of Aho and
 * Corasick. A state stands for the longest beginning of a secret with which the text so far ends.
 * State 0 stands for no beginning.
 *
 * <p>The states are numbered along the sorted secrets. So the state after the next character of a
 * secret usually has the next number. The other transitions are in a table, one for each secret at
 * most. All tables are created on first use, because most texts contain nothing like a secret.
 */
final class Secrets {
  private static final int LONGEST_SHIFT = Byte.MAX_VALUE;

  /** The maximum number of secrets. Each secret has a number, which has to fit into 7 bits. */
  private static final int MOST = 127;

  private static final int STATE_BITS = 24;
  private static final int STATE = (1 << STATE_BITS) - 1;
  private static final int IS_BRANCH = 1 << 31;

  /** The secrets; they are kept only until their bytes are in {@link #last}. */
  private final List<byte[]> secrets = new ArrayList<>(1);

  private int[] lengths = {};
  private int shortest = Integer.MAX_VALUE;
  private int longest;

  /**
   * For each byte, the distance by which the search may shift, in 7 bits. The index is the last
   * byte of a window that is as long as the shortest secret. The sign bit says whether a secret
   * begins with the byte. Each entry is a byte, although this limits the shifts: a table of larger
   * numbers would cost more time than longer shifts would save.
   */
  private byte[] shifts = {};

  /** The last character of each state. */
  private byte[] last = {};

  /**
   * For each state, 24 bits contain the next shorter state with which the text also ends. The next
   * 7 bits contain the number of the longest secret with which the text ends; 0 if there is none.
   * The sign bit is set if the state with the previous number does not lead to this state.
   */
  private int[] links = {};

  /**
   * The transitions to states with {@link #IS_BRANCH}, sorted. A transition consists of the earlier
   * state, 8 bits with the character, and 32 bits with the later state.
   */
  private long[] branches = {};

  /**
   * Adds a secret before the first search.
   *
   * @param secret the secret, with at least one byte; the caller must no longer use the array
   */
  void add(byte[] secret) {
    if (secrets.size() == MOST) {
      throw new IllegalStateException("more than " + MOST + " secrets");
    }
    secrets.add(secret);
    shortest = Math.min(shortest, secret.length);
    longest = Math.max(longest, secret.length);
  }

  /** The length of the longest secret. */
  int longest() {
    return longest;
  }

  /**
   * Returns the earliest index where the next secret can begin in plain form. A window that is as
   * long as the shortest secret moves over the text.
   *
   * @param unfinished the smallest index at which a secret can begin if this secret ends after
   *     {@code to}
   */
  int leap(ByteBuf text, int from, int to, int unfinished) {
    byte[] known = known();
    int end = from + shortest - 1;
    while (end < to) {
      int shift = known[text.getByte(end) & 0xff] & LONGEST_SHIFT;
      if (shift == 0) {
        return end - shortest + 1;
      }
      end += shift;
    }
    return Math.max(end - shortest + 1, unfinished);
  }

  /** Whether a secret begins with this character. */
  boolean isFirst(int character) {
    return character >= 0 && known()[character] < 0;
  }

  /**
   * Returns the state after the next character. A negative number stands for a character that is
   * not a single byte.
   */
  int next(int state, int character) {
    return state == 0 && !isFirst(character) ? 0 : continued(state, character);
  }

  private int continued(int state, int character) {
    if (last.length == 0) {
      prepare();
    }
    int from = state;
    int to = transition(from, character);
    while (to == 0 && from != 0) {
      from = links[from] & STATE;
      to = transition(from, character);
    }
    return to;
  }

  /**
   * Returns the number of the longest secret that ends in this state, 1 or more; 0 if no secret
   * ends in it.
   */
  int ending(int state) {
    return links[state] >>> STATE_BITS & MOST;
  }

  /** Returns the length of the secret with this number. */
  int length(int number) {
    return lengths[number - 1];
  }

  /** Returns how many secrets have been numbered. */
  int count() {
    return lengths.length;
  }

  void wipe() {
    wipeSecrets();
    Arrays.fill(last, (byte) 0);
  }

  private byte[] known() {
    if (shifts.length == 0) {
      shifts = new byte[256];
      Arrays.fill(shifts, (byte) Math.min(shortest, LONGEST_SHIFT));
      for (byte[] secret : secrets) {
        for (int i = 0; i < shortest; i++) {
          int at = secret[i] & 0xff;
          shifts[at] = (byte) Math.min(shifts[at], shortest - 1 - i);
        }
      }
      secrets.forEach(secret -> shifts[secret[0] & 0xff] |= (byte) ~LONGEST_SHIFT);
    }
    return shifts;
  }

  /** Returns the state that continues a state with a character; 0 if there is none. */
  private int transition(int state, int character) {
    int next = state + 1;
    if (next < last.length && (last[next] & 0xff) == character && links[next] >= 0) {
      return next;
    }
    if (branches.length == 0 || character < 0) {
      return 0;
    }
    long branch = branch(state, character);
    int index = -Arrays.binarySearch(branches, branch) - 1;
    boolean found = index < branches.length && branches[index] >>> 32 == branch >>> 32;
    return found ? (int) branches[index] : 0;
  }

  private static long branch(int state, int character) {
    return (long) state << 40 | (long) character << 32;
  }

  private void prepare() {
    if (secrets.size() == 1) {
      prepareOnly(secrets.getFirst());
    } else {
      prepareAll();
    }
    wipeSecrets();
  }

  /**
   * Creates the states of the only secret. Most services have only one secret, so this method has
   * to be fast.
   */
  private void prepareOnly(byte[] secret) {
    int length = secret.length;
    lengths = new int[] {length};
    last = new byte[length + 1];
    links = new int[length + 1];
    System.arraycopy(secret, 0, last, 1, length);
    int shorter = 0;
    for (int state = 2; state <= length; state++) {
      while (shorter > 0 && last[shorter + 1] != last[state]) {
        shorter = links[shorter];
      }
      if (last[shorter + 1] == last[state]) {
        shorter++;
      }
      links[state] = shorter;
    }
    links[length] |= 1 << STATE_BITS;
  }

  /** Creates the states secret by secret, and then links them, from the shortest to the longest. */
  private void prepareAll() {
    secrets.sort(Arrays::compareUnsigned);
    int count = secrets.size();
    lengths = new int[count];
    int[] shared = new int[count];
    int[] order = new int[count];
    int states = 1;
    for (int i = 0; i < count; i++) {
      order[i] = i;
      lengths[i] = secrets.get(i).length;
      shared[i] = i == 0 ? 0 : shared(secrets.get(i - 1), secrets.get(i));
      states += lengths[i] - shared[i];
    }
    last = new byte[states];
    links = new int[states];
    int[] first = new int[count];
    int[] before = new int[count];
    create(shared, first, before);
    int longer = count;
    for (int length = 0; longer > 0; length++) {
      int kept = 0;
      for (int at = 0; at < longer; at++) {
        int secret = order[at];
        if (length < lengths[secret]) {
          order[kept++] = secret;
          int state = first[secret] + length - shared[secret];
          if (state >= first[secret]) {
            int number = length + 1 == lengths[secret] ? secret + 1 : 0;
            link(state, state == first[secret] ? before[secret] : state - 1, number);
          }
        }
      }
      longer = kept;
    }
  }

  /**
   * @param shared the number of characters that each secret shares, at its beginning, with the
   *     secret before it
   * @param first the array that receives, for each secret, the first state that belongs to no other
   *     secret
   * @param before the array that receives, for each secret, the state that precedes its state in
   *     {@code first}
   */
  private void create(int[] shared, int[] first, int[] before) {
    int[] along = new int[longest + 1];
    long[] found = new long[first.length];
    int branching = 0;
    int next = 1;
    for (int i = 0; i < first.length; i++) {
      byte[] secret = secrets.get(i);
      int own = secret.length - shared[i];
      first[i] = next;
      before[i] = along[shared[i]];
      System.arraycopy(secret, shared[i], last, next, own);
      if (own > 0 && before[i] + 1 != next) {
        links[next] = IS_BRANCH;
        found[branching++] = branch(before[i], secret[shared[i]] & 0xff) | next;
      }
      int following = i + 1 < first.length ? shared[i + 1] : 0;
      for (int length = shared[i] + 1; length <= following; length++) {
        along[length] = next + length - shared[i] - 1;
      }
      next += own;
    }
    branches = Arrays.copyOf(found, branching);
    Arrays.sort(branches);
  }

  private void link(int state, int before, int number) {
    int shorter = before == 0 ? 0 : next(links[before] & STATE, last[state] & 0xff);
    links[state] |= (number == 0 ? ending(shorter) : number) << STATE_BITS | shorter;
  }

  private static int shared(byte[] one, byte[] other) {
    int mismatch = Arrays.mismatch(one, other);
    return mismatch < 0 ? one.length : mismatch;
  }

  private void wipeSecrets() {
    secrets.forEach(secret -> Arrays.fill(secret, (byte) 0));
    secrets.clear();
  }
}
