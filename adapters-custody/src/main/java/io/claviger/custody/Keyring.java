package io.claviger.custody;

import io.claviger.domain.keys.EncryptionKeyId;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The encryption keys of this node. The first seals new values. All of them open stored values. */
public final class Keyring {
  private static final int SHORTEST = 32;
  private static final int FEWEST_DIFFERENT = 8;

  private final EncryptionKey first;
  private final Map<EncryptionKeyId, EncryptionKey> byId;

  private Keyring(List<EncryptionKey> keys) {
    this.first = keys.get(0);
    this.byId = new LinkedHashMap<>();
    for (EncryptionKey key : keys) {
      if (byId.put(key.id(), key) != null) {
        throw new BadEncryptionKey("The same encryption key is given twice.");
      }
    }
  }

  /**
   * Reads encryption keys, separated by commas.
   *
   * @param text the keys in UTF-8; the caller must wipe the array
   * @throws BadEncryptionKey when a key is too short or too simple; the message does not repeat it
   */
  public static Keyring of(byte[] text) {
    CharBuffer chars = decode(text);
    try {
      List<EncryptionKey> keys = new ArrayList<>();
      int from = 0;
      for (int i = 0; i <= chars.length(); i++) {
        if (i == chars.length() || chars.charAt(i) == ',') {
          keys.add(parseKey(chars.subSequence(from, i)));
          from = i + 1;
        }
      }
      return new Keyring(keys);
    } finally {
      Arrays.fill(chars.array(), '\0');
    }
  }

  private static EncryptionKey parseKey(CharBuffer text) {
    demandStrong(text);
    byte[] bytes = encode(text);
    try {
      return EncryptionKey.derivedFrom(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static byte[] encode(CharBuffer key) {
    byte[] most = new byte[4 * key.length()];
    ByteBuffer buffer = ByteBuffer.wrap(most);
    StandardCharsets.UTF_8.newEncoder().encode(key.duplicate(), buffer, true);
    byte[] bytes = Arrays.copyOf(most, buffer.position());
    Arrays.fill(most, (byte) 0);
    return bytes;
  }

  private static void demandStrong(CharBuffer key) {
    if (key.codePoints().count() < SHORTEST) {
      throw new BadEncryptionKey("An encryption key has at least 32 characters.");
    }
    if (key.codePoints().distinct().count() < FEWEST_DIFFERENT) {
      throw new BadEncryptionKey("An encryption key has at least 8 different characters.");
    }
    if (key.codePoints().anyMatch(c -> c == ',' || Character.isWhitespace(c))) {
      throw new BadEncryptionKey("An encryption key holds neither comma nor white space.");
    }
  }

  /** Decodes into an array that this class allocates, so that it can be wiped. */
  private static CharBuffer decode(byte[] text) {
    CharBuffer chars = CharBuffer.allocate(text.length);
    CoderResult result =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text), chars, true);
    if (result.isError()) {
      throw new BadEncryptionKey("The encryption key is not UTF-8 text.");
    }
    return chars.flip();
  }

  EncryptionKey first() {
    return first;
  }

  Optional<EncryptionKey> find(EncryptionKeyId id) {
    return Optional.ofNullable(byId.get(id));
  }

  SortedSet<EncryptionKeyId> ids() {
    return new TreeSet<>(byId.keySet());
  }

  @Override
  public String toString() {
    return "Keyring" + byId.keySet();
  }
}
