package io.claviger.journeys;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds secrets in a file of any size, such as a dump of a heap: in the forms of {@link Canaries},
 * and their first and last sixteen characters, as bytes and as characters of two bytes in either
 * order.
 */
final class BinarySearch {
  private static final List<Charset> ENCODINGS =
      List.of(StandardCharsets.UTF_8, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE);
  private static final int PIECE = 16;
  private static final int BLOCK = 1 << 20;

  private static final class Needle {
    final byte[] bytes;
    final String what;

    Needle(String form, Charset encoding) {
      this.bytes = form.getBytes(encoding);
      this.what = form + " in " + encoding;
    }
  }

  /** By their first eight bytes. */
  private final Map<Long, List<Needle>> needles = new HashMap<>();

  private final BitSet beginnings = new BitSet(1 << 16);
  private int longest;

  private BinarySearch() {}

  /** The secrets that a file contains, each with the encoding in which it was found. */
  static Set<String> in(Path file, Iterable<String> secrets) {
    BinarySearch search = new BinarySearch();
    secrets.forEach(search::lookFor);
    try (InputStream in = Files.newInputStream(file)) {
      return search.in(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void lookFor(String secret) {
    List<String> forms = new ArrayList<>(Canaries.forms(secret));
    HexFormat hex = HexFormat.of();
    forms.add(hex.formatHex(secret.getBytes(StandardCharsets.UTF_8)));
    forms.add(hex.withUpperCase().formatHex(secret.getBytes(StandardCharsets.UTF_8)));
    forms.add(secret.substring(0, PIECE));
    forms.add(secret.substring(secret.length() - PIECE));
    for (String form : forms) {
      for (Charset encoding : ENCODINGS) {
        Needle needle = new Needle(form, encoding);
        long beginning = eight(needle.bytes, 0);
        needles.computeIfAbsent(beginning, b -> new ArrayList<>()).add(needle);
        beginnings.set(slot(beginning));
        longest = Math.max(longest, needle.bytes.length);
      }
    }
  }

  private Set<String> in(InputStream in) throws IOException {
    Set<String> found = new TreeSet<>();
    byte[] block = new byte[BLOCK + longest];
    int length = in.readNBytes(block, 0, block.length);
    while (length > 0) {
      scan(block, length, found);
      // Once more from where something may have begun that the block cut off.
      int kept = Math.min(length, longest);
      System.arraycopy(block, length - kept, block, 0, kept);
      int size = in.readNBytes(block, kept, block.length - kept);
      length = size == 0 ? 0 : kept + size;
    }
    return found;
  }

  private void scan(byte[] block, int length, Set<String> found) {
    long window = 0;
    for (int at = 0; at < length; at++) {
      window = window << 8 | (block[at] & 0xff);
      int from = at - 7;
      if (from >= 0 && beginnings.get(slot(window)) && needles.containsKey(window)) {
        for (Needle needle : needles.getOrDefault(window, List.of())) {
          int to = from + needle.bytes.length;
          if (to <= length && Arrays.equals(block, from, to, needle.bytes, 0, to - from)) {
            found.add(needle.what);
          }
        }
      }
    }
  }

  private static long eight(byte[] bytes, int from) {
    long window = 0;
    for (int i = from; i < from + 8; i++) {
      window = window << 8 | (bytes[i] & 0xff);
    }
    return window;
  }

  private static int slot(long window) {
    return (int) ((window * 0x9E3779B97F4A7C15L) >>> 48);
  }
}
