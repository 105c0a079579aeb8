package io.claviger.application.keys.port;

/** A key that stays elsewhere could not be used. The message is a clause that holds no secret. */
public final class OutsideKeyFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean away;

  private OutsideKeyFailure(String why, boolean away) {
    super(why, null, false, false);
    this.away = away;
  }

  /** What holds the key does not answer now. Later it may. */
  public static OutsideKeyFailure away(String why) {
    return new OutsideKeyFailure(why, true);
  }

  /**
   * The operator has to change something. Asking again would not help, and may lock a token whose
   * PIN is wrong.
   */
  public static OutsideKeyFailure refused(String why) {
    return new OutsideKeyFailure(why, false);
  }

  public boolean isAway() {
    return away;
  }
}
