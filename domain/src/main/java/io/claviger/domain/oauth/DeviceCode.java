package io.claviger.domain.oauth;

/**
 * The secret with which a device polls for its token: {@code clvd_} and 32 random bytes in base64.
 * Only its hash is stored. {@link #toString} hides the text.
 */
public final class DeviceCode extends SecretText {
  private static final String PREFIX = "clvd_";

  /** The number of random bytes in a code. */
  public static final int RANDOM_BYTES = 32;

  private DeviceCode(String text) {
    super(text);
  }

  /**
   * Wraps the text that a device presented. Any text is accepted. If the text belongs to no device
   * sign-in, a later lookup finds nothing.
   */
  public static DeviceCode presented(String text) {
    return new DeviceCode(text);
  }

  /**
   * Creates a new code.
   *
   * @param random as many random bytes as {@link #RANDOM_BYTES} states
   */
  public static DeviceCode of(byte[] random) {
    return new DeviceCode(PREFIX + base64(random, RANDOM_BYTES));
  }
}
