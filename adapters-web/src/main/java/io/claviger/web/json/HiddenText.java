package io.claviger.web.json;

import io.claviger.domain.instances.HeaderName;
import io.claviger.domain.keys.CustomHeader;
import io.claviger.domain.keys.Secret;
import java.util.Arrays;

/**
 * A secret string in the body of a request, kept as bytes. The string can be converted only once:
 * into an API key, the secret of a credential, or the value of a header. Closing this object wipes
 * the bytes, and also the key or header that was made from them.
 */
public final class HiddenText implements AutoCloseable {
  private final byte[] bytes;
  private Runnable wipeMade = () -> {};

  private HiddenText(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Returns a copy of characters in a parser's buffer without creating a String. */
  static HiddenText of(char[] buffer, int offset, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      char c = buffer[offset + i];
      // A secret may only contain ASCII. Any other character becomes a byte that no rule accepts.
      bytes[i] = c < 0x80 ? (byte) c : (byte) 0xff;
    }
    return new HiddenText(bytes);
  }

  /**
   * Returns an API key made from this text.
   *
   * @throws io.claviger.domain.InvalidValue if the text is not a valid API key
   */
  public Secret asApiKey() {
    Secret made = Secret.apiKey(bytes);
    wipeMade = made::close;
    return made;
  }

  /**
   * Returns a credential's secret made from this text.
   *
   * @param field the name of the field that contains the text
   * @throws io.claviger.domain.InvalidValue if the text can't be the secret of a credential
   */
  public Secret asCredential(String field) {
    Secret made = Secret.credential(bytes, field);
    wipeMade = made::close;
    return made;
  }

  /**
   * Returns a custom header with this text as its value.
   *
   * @throws io.claviger.domain.InvalidValue if the text is not a valid value of a header
   */
  public CustomHeader asHeader(HeaderName name) {
    CustomHeader made = CustomHeader.of(name, bytes);
    wipeMade = made.value()::close;
    return made;
  }

  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
    wipeMade.run();
  }

  @Override
  public String toString() {
    return "HiddenText[hidden]";
  }
}
