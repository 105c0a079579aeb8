package io.claviger.imports.litellm.crypto;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;

/**
 * Opens NaCl's secret boxes: XSalsa20 with Poly1305. This class can't encrypt.
 *
 * <p>This program's libraries lack Salsa20, and a library with it would add 8 MB. Only a command of
 * the operator uses this class, for values from the operator's own database. So nobody can learn
 * anything from the duration of decrypting. The test of this class uses NaCl's published test
 * vectors.
 */
final class SecretBox {
  private static final int NONCE = 24;
  private static final int TAG = 16;
  private static final int BLOCK = 64;

  /** The text "expand 32-byte k" as Salsa20's numbers. */
  private static final int[] SIGMA = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

  private static final BigInteger PRIME = BigInteger.TWO.pow(130).subtract(BigInteger.valueOf(5));
  private static final BigInteger CLAMP = new BigInteger("0ffffffc0ffffffc0ffffffc0fffffff", 16);

  private SecretBox() {}

  /** Returns the size in bytes of a box with an empty message. */
  static int overhead() {
    return NONCE + TAG;
  }

  /**
   * Opens a box. A box consists of a nonce, a tag and a ciphertext.
   *
   * @throws GeneralSecurityException if the box was encrypted with another key or was changed
   */
  static byte[] open(byte[] key, byte[] box) throws GeneralSecurityException {
    if (box.length < overhead()) {
      throw new AEADBadTagException("too short");
    }
    int[] subkey = hsalsa(words(key, 0, 8), words(box, 0, 4));
    int[] nonce = words(box, 16, 2);
    byte[] first = block(subkey, nonce, 0);
    byte[] tag = Arrays.copyOfRange(box, NONCE, NONCE + TAG);
    byte[] sealed = Arrays.copyOfRange(box, NONCE + TAG, box.length);
    if (!MessageDigest.isEqual(tag, authenticator(first, sealed))) {
      throw new AEADBadTagException("another key, or changed");
    }
    // The first 32 bytes of the stream are the key of the authenticator.
    byte[] stream = Arrays.copyOfRange(first, 32, BLOCK);
    int used = 0;
    for (int at = 0, number = 1; at < sealed.length; at++, used++) {
      if (used == stream.length) {
        stream = block(subkey, nonce, number++);
        used = 0;
      }
      sealed[at] ^= stream[used];
    }
    return sealed;
  }

  private static byte[] authenticator(byte[] key, byte[] message) {
    BigInteger r = littleEndian(key, 0, TAG, false).and(CLAMP);
    BigInteger sum = BigInteger.ZERO;
    for (int at = 0; at < message.length; at += TAG) {
      int length = Math.min(TAG, message.length - at);
      sum = sum.add(littleEndian(message, at, length, true)).multiply(r).mod(PRIME);
    }
    byte[] tag = new byte[TAG];
    BigInteger rest = sum.add(littleEndian(key, TAG, TAG, false));
    for (int i = 0; i < TAG; i++) {
      tag[i] = rest.shiftRight(8 * i).byteValue();
    }
    return tag;
  }

  /**
   * @param ends whether to append a byte with the value 1
   */
  private static BigInteger littleEndian(byte[] bytes, int from, int length, boolean ends) {
    byte[] reversed = new byte[length + 1];
    reversed[0] = (byte) (ends ? 1 : 0);
    for (int i = 0; i < length; i++) {
      reversed[length - i] = bytes[from + i];
    }
    return new BigInteger(1, reversed);
  }

  /**
   * HSalsa20: returns the stream's key, computed from the key and the first 16 bytes of the nonce.
   */
  private static int[] hsalsa(int[] key, int[] nonce) {
    int[] state = state(key, nonce);
    rounds(state);
    return new int[] {
      state[0], state[5], state[10], state[15], state[6], state[7], state[8], state[9]
    };
  }

  private static byte[] block(int[] key, int[] nonce, int number) {
    int[] before = state(key, new int[] {nonce[0], nonce[1], number, 0});
    int[] after = before.clone();
    rounds(after);
    ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < after.length; i++) {
      ByteBuffer unused = block.putInt(after[i] + before[i]);
    }
    return block.array();
  }

  private static int[] state(int[] key, int[] input) {
    return new int[] {
      SIGMA[0], key[0], key[1], key[2],
      key[3], SIGMA[1], input[0], input[1],
      input[2], input[3], SIGMA[2], key[4],
      key[5], key[6], key[7], SIGMA[3]
    };
  }

  /** The 20 rounds of Salsa20 in pairs: one round over the columns, and one over the rows. */
  private static void rounds(int[] x) {
    for (int i = 0; i < 10; i++) {
      quarter(x, 0, 4, 8, 12);
      quarter(x, 5, 9, 13, 1);
      quarter(x, 10, 14, 2, 6);
      quarter(x, 15, 3, 7, 11);
      quarter(x, 0, 1, 2, 3);
      quarter(x, 5, 6, 7, 4);
      quarter(x, 10, 11, 8, 9);
      quarter(x, 15, 12, 13, 14);
    }
  }

  private static void quarter(int[] x, int a, int b, int c, int d) {
    x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
    x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
    x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
    x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
  }

  private static int[] words(byte[] bytes, int from, int count) {
    int[] words = new int[count];
    ByteBuffer.wrap(bytes, from, 4 * count).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
    return words;
  }
}
