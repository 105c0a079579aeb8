package io.claviger.gateway.redact;

/** One search for all secrets, character by character. Each character takes a few steps. */
final class Matching {
  private final Secrets secrets;
  private int state;

  /** The number of characters read so far that continued a possible beginning of a secret. */
  private long read;

  /**
   * For each secret, the value of {@link #read} when an occurrence of the secret last ended.
   * Created on first use, because few texts contain a secret.
   */
  private long[] ends = {};

  Matching(Secrets secrets) {
    this.secrets = secrets;
  }

  /** Whether the text so far ends with the beginning of a secret. */
  boolean isOpen() {
    return state != 0;
  }

  /**
   * Reads the next character; a negative number stands for a character that no secret contains. If
   * several secrets end with this character, the longest one counts.
   *
   * @return the number of characters at the end of the text that belong to a secret; 0 if no secret
   *     ends here. Characters that were already counted for an earlier occurrence of the same
   *     secret are not counted again
   */
  int read(int character) {
    state = secrets.next(state, character);
    if (state == 0) {
      return 0;
    }
    read++;
    int number = secrets.ending(state);
    return number == 0 ? 0 : unreported(number);
  }

  private int unreported(int number) {
    if (ends.length == 0) {
      ends = new long[secrets.count()];
    }
    int length = (int) Math.min(secrets.length(number), read - ends[number - 1]);
    ends[number - 1] = read;
    return length;
  }

  /** Forgets any beginning of a secret that has been read so far. */
  void forget() {
    state = 0;
  }
}
