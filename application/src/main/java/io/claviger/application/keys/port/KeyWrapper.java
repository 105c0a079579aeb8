package io.claviger.application.keys.port;

import io.claviger.domain.keys.KeyUri;

/**
 * Encrypts and decrypts encryption keys with a key that stays elsewhere. Both operations block, for
 * at most about ten seconds where the other side is a server.
 */
public interface KeyWrapper {
  /** Whether this wrapper can use such a key. */
  boolean uses(KeyUri with);

  /**
   * @param key the text of the key; the caller wipes it
   * @throws KeyWrapperFailure with the reason
   */
  byte[] wrap(byte[] key, KeyUri with);

  /**
   * Returns the text of the key, which the caller must wipe.
   *
   * @throws KeyWrapperFailure with the reason
   */
  byte[] unwrap(byte[] wrapped, KeyUri with);

  /** A key could not be wrapped or unwrapped. The message is a clause that holds no secret. */
  final class KeyWrapperFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean away;

    private KeyWrapperFailure(String why, boolean away) {
      super(why, null, false, false);
      this.away = away;
    }

    /** What holds the other key does not answer now. Later it may. */
    public static KeyWrapperFailure away(String why) {
      return new KeyWrapperFailure(why, true);
    }

    /**
     * The operator has to change something. Asking again would not help, and may lock a token whose
     * PIN is wrong.
     */
    public static KeyWrapperFailure refused(String why) {
      return new KeyWrapperFailure(why, false);
    }

    public boolean isAway() {
      return away;
    }
  }
}
