package io.claviger.domain.keys;

import java.util.regex.Pattern;

/**
 * The id of an encryption key, derived from the key: 8 lower-case hexadecimal digits. The id may be
 * shown.
 */
public record EncryptionKeyId(String value) implements Comparable<EncryptionKeyId> {
  private static final Pattern SHAPE = Pattern.compile("[0-9a-f]{8}");

  public EncryptionKeyId {
    if (!SHAPE.matcher(value).matches()) {
      throw new IllegalArgumentException("an id must be 8 lower-case hex digits");
    }
  }

  @Override
  public int compareTo(EncryptionKeyId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
