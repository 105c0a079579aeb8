package io.claviger.custody;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.keys.EncryptionKeyId;
import io.claviger.domain.keys.KeyUri;
import io.claviger.domain.keys.WrappedKey;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * This node's encryption keys. The first key seals new values. Values that were sealed with any of
 * these keys can be opened.
 */
public final class Keyring {
  private static final int SHORTEST = 32;
  private static final int FEWEST_DIFFERENT = 8;

  private final EncryptionKey first;
  private final Map<EncryptionKeyId, EncryptionKey> byId;
  private final Map<EncryptionKeyId, KeyUri> wrappings;

  private Keyring(List<Given> keys) {
    this.first = keys.get(0).key();
    this.byId = new LinkedHashMap<>();
    this.wrappings = new LinkedHashMap<>();
    for (Given given : keys) {
      EncryptionKeyId id = given.key().id();
      if (byId.put(id, given.key()) != null) {
        throw givenTwice();
      }
      if (given.wrappedWith() != null) {
        wrappings.put(id, given.wrappedWith());
      }
    }
  }

  private record Given(EncryptionKey key, @Nullable KeyUri wrappedWith) {}

  /**
   * Reads a comma-separated list of encryption keys that are not wrapped.
   *
   * @param text the texts of the keys in UTF-8; the caller must wipe the array
   * @throws BadEncryptionKey if one of the keys is too short or too simple; the message does not
   *     repeat the key
   */
  public static Keyring of(byte[] text) {
    return of(
        text,
        wrapped -> {
          throw new BadEncryptionKey("Wrapped encryption keys can't be used here.");
        });
  }

  /**
   * Reads a comma-separated list of encryption keys, each wrapped or not.
   *
   * @param text the texts of the keys in UTF-8; the caller must wipe the array
   * @param unwrap a function that returns the text of a wrapped key in a new array; this method
   *     wipes the array
   * @throws BadEncryptionKey if one of the keys is too short, too simple or wrongly wrapped; the
   *     message does not repeat the key
   */
  public static Keyring of(byte[] text, Function<WrappedKey, byte[]> unwrap) {
    return new Keyring(each(text, entry -> parseKey(entry, unwrap)));
  }

  /**
   * Checks keys in the same way as {@link #of(byte[], Function)}, but does not unwrap any of them.
   *
   * @throws BadEncryptionKey if one of the keys is too short, too simple or wrongly wrapped
   */
  public static void check(byte[] text) {
    List<EncryptionKeyId> known = new ArrayList<>();
    List<CharBuffer> unused =
        each(
            text,
            entry -> {
              if (WrappedKey.isMeantBy(entry)) {
                WrappedKey unusedKey = parseWrapped(entry);
              } else {
                known.add(parseKey(entry, wrapped -> new byte[0]).key().id());
              }
              return entry;
            });
    if (known.stream().distinct().count() < known.size()) {
      throw givenTwice();
    }
  }

  private static BadEncryptionKey givenTwice() {
    return new BadEncryptionKey("The same encryption key is given twice.");
  }

  /**
   * Wraps each of the keys that a text lists. Keys that are already wrapped are unwrapped first.
   *
   * @param wrap a function that wraps the text of a key; this method then wipes the text
   */
  public static List<WrappedKey> rewrap(
      byte[] text, Function<WrappedKey, byte[]> unwrap, Function<byte[], WrappedKey> wrap) {
    return each(
        text,
        entry -> {
          byte[] plain = plain(entry, unwrap);
          try {
            EncryptionKeyId id = EncryptionKey.derivedFrom(plain).id();
            WrappedKey wrapped = wrap.apply(plain);
            if (!of(wrapped.line().getBytes(StandardCharsets.UTF_8), unwrap).ids().contains(id)) {
              throw new BadEncryptionKey("The wrapped key unwraps to a different key.");
            }
            return wrapped;
          } finally {
            Arrays.fill(plain, (byte) 0);
          }
        });
  }

  private static <T> List<T> each(byte[] text, Function<CharBuffer, T> read) {
    CharBuffer chars = decode(text);
    try {
      List<T> all = new ArrayList<>();
      int from = 0;
      for (int i = 0; i <= chars.length(); i++) {
        if (i == chars.length() || chars.charAt(i) == ',') {
          all.add(read.apply(chars.subSequence(from, i)));
          from = i + 1;
        }
      }
      return all;
    } finally {
      Arrays.fill(chars.array(), '\0');
    }
  }

  private static Given parseKey(CharBuffer text, Function<WrappedKey, byte[]> unwrap) {
    byte[] bytes = plain(text, unwrap);
    try {
      return new Given(
          EncryptionKey.derivedFrom(bytes),
          WrappedKey.isMeantBy(text) ? parseWrapped(text).with() : null);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Returns the text of the key in a new array. Unwraps a wrapped key. */
  private static byte[] plain(CharBuffer text, Function<WrappedKey, byte[]> unwrap) {
    if (!WrappedKey.isMeantBy(text)) {
      demandStrong(text);
      return encode(text);
    }
    byte[] bytes = unwrap.apply(parseWrapped(text));
    CharBuffer inside = decode(bytes);
    try {
      if (WrappedKey.isMeantBy(inside)) {
        throw new BadEncryptionKey("A key that is wrapped twice can't be used.");
      }
      demandStrong(inside);
      return bytes;
    } catch (BadEncryptionKey e) {
      Arrays.fill(bytes, (byte) 0);
      throw e;
    } finally {
      Arrays.fill(inside.array(), '\0');
    }
  }

  private static WrappedKey parseWrapped(CharBuffer text) {
    try {
      return WrappedKey.of(text.toString());
    } catch (InvalidValue e) {
      throw new BadEncryptionKey(
          e.field().equals("uri")
              ? "The URI of a wrapped key " + e.allowed() + "."
              : "A wrapped key has the form " + e.allowed() + ".");
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
      throw new BadEncryptionKey("An encryption key must not contain commas or white space.");
    }
  }

  /**
   * Decodes a text in UTF-8 into an array that only this class uses, so that the array can be
   * wiped.
   */
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

  public SortedSet<EncryptionKeyId> ids() {
    return new TreeSet<>(byId.keySet());
  }

  /** Returns the wrapping key of each wrapped encryption key. */
  public Map<EncryptionKeyId, KeyUri> wrappings() {
    return Map.copyOf(wrappings);
  }

  @Override
  public String toString() {
    return "Keyring" + byId.keySet();
  }
}
