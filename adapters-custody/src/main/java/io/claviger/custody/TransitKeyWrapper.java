package io.claviger.custody;

import io.claviger.application.keys.port.KeyWrapper;
import io.claviger.application.keys.port.OutsideKeyFailure;
import io.claviger.domain.keys.KeyUri;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Function;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Wraps encryption keys with a key of the Transit engine of Vault or OpenBao. A wrapped key is the
 * ciphertext that the engine returns ({@code vault:v1:…}).
 */
public final class TransitKeyWrapper implements KeyWrapper {
  private final Vault vault;

  public TransitKeyWrapper(Vault vault) {
    this.vault = vault;
  }

  @Override
  public boolean uses(KeyUri with) {
    return with instanceof KeyUri.Transit;
  }

  @Override
  public byte[] wrap(byte[] key, KeyUri with) {
    byte[] encoded = Base64.getEncoder().encode(key);
    try {
      return call("encrypt", "plaintext", encoded, with, "ciphertext", TransitKeyWrapper::text);
    } finally {
      Arrays.fill(encoded, (byte) 0);
    }
  }

  @Override
  public byte[] unwrap(byte[] wrapped, KeyUri with) {
    for (byte each : wrapped) {
      if (each <= ' ' || each > '~' || each == '"' || each == '\\') {
        throw OutsideKeyFailure.refused("the wrapped key is not a ciphertext of Transit");
      }
    }
    return call("decrypt", "ciphertext", wrapped, with, "plaintext", JsonParser::getBinaryValue);
  }

  /** The ciphertext. */
  private static byte[] text(JsonParser parser) {
    return parser.getString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] call(
      String operation,
      String name,
      byte[] value,
      KeyUri with,
      String expected,
      Function<JsonParser, byte[]> read) {
    byte[] body = body(name, value);
    byte[] answer = new byte[0];
    try {
      answer = vault.post(operation, (KeyUri.Transit) with, "", body);
      return Vault.value(answer, JsonToken.VALUE_STRING, read, expected)
          .orElseThrow(() -> OutsideKeyFailure.refused("Vault's answer lacks the " + expected));
    } finally {
      Arrays.fill(body, (byte) 0);
      Arrays.fill(answer, (byte) 0);
    }
  }

  private static byte[] body(String name, byte[] value) {
    byte[] start = ("{\"" + name + "\":\"").getBytes(StandardCharsets.US_ASCII);
    byte[] end = "\"}".getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(start.length + value.length + end.length)
        .put(start)
        .put(value)
        .put(end)
        .array();
  }
}
