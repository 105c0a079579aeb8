package io.claviger.gateway.redact;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Replaces each byte of a secret by an asterisk in bytes that stream through, so that lengths stay
 * the same. Secrets are found in plain text, with characters escaped as in JSON or percent
 * encoding, and across the borders of chunks. Only bytes that may be the first part of an
 * occurrence are kept. Time and memory are linear in the text and the secrets.
 */
public final class Redactor implements AutoCloseable {
  /** What keys of a kind begin with is no secret, and ordinary answers have words of it. */
  private static final byte[] BEDROCK = "bedrock-api-key-".getBytes(US_ASCII);

  /** With it begin the header and the claims of a JWT, which are JSON in Base64. */
  private static final byte[] JSON = "eyJ".getBytes(US_ASCII);

  private final List<Pattern> patterns = new ArrayList<>();
  private final List<Scan> scans = new ArrayList<>();
  private final MatchSpans found = new MatchSpans();
  private int shortest = Integer.MAX_VALUE;
  private boolean foundInText;
  private final PendingTail held = new PendingTail();

  /**
   * Searches for a secret as a whole.
   *
   * @param secret owned by the callee from now on, and wiped at the end
   */
  public void add(byte[] secret) {
    Pattern pattern = remembered(secret);
    scans.add(new PlainScan(pattern));
    addEscaped(pattern);
  }

  /**
   * Searches for a secret as a whole, and by its beginnings and endings of at least eight bytes.
   * The beginning that all short-term keys of Bedrock have in common does not belong to the secret,
   * and neither do the header of a JWT and the first three characters of its claims.
   *
   * @param key owned by the callee from now on, and wiped at the end
   */
  public void addKey(byte[] key) {
    byte[] secret = withoutPublicBeginning(key);
    Pattern pattern = remembered(secret);
    addEscaped(pattern);
    addEdges(pattern);
    if (JsonForm.isAnother(secret)) {
      addEdges(remembered(JsonForm.of(secret)));
    }
  }

  /**
   * Searches for a secret in an error: as a whole, and by its pieces of at least eight characters,
   * each of which may be escaped in any way that {@link MixedEscapes} knows.
   *
   * @param secret owned by the callee from now on, and wiped at the end
   * @param edges whether it is a key, of which beginnings and endings of at least four characters
   *     count too, where a word begins or ends, and a beginning as in {@link #addKey} does not
   */
  public void addToError(byte[] secret, boolean edges) {
    Pattern pattern = remembered(edges ? withoutPublicBeginning(secret) : secret);
    if (pattern.length() < PieceScan.PIECE) {
      scans.add(new PlainScan(pattern));
      addEscaped(pattern);
    }
    PieceScan.Sought sought = new PieceScan.Sought(pattern, edges);
    // The strict forms find secrets that themselves contain a backslash or a percent sign.
    for (Decoding form :
        List.of(Decoding.NONE, Escapes.json(), Escapes.percent(), new MixedEscapes())) {
      scans.add(new PieceScan(sought, form));
    }
    shortest = Math.min(shortest, edges ? PieceScan.EDGE : PieceScan.PIECE);
  }

  private static byte[] withoutPublicBeginning(byte[] key) {
    int from = publicLength(key);
    if (from == 0 || key.length - from < 2 * EdgeScan.SHORTEST) {
      return key;
    }
    byte[] secret = Arrays.copyOfRange(key, from, key.length);
    Arrays.fill(key, (byte) 0);
    return secret;
  }

  private static int publicLength(byte[] key) {
    if (startsWith(key, 0, BEDROCK)) {
      return BEDROCK.length;
    }
    if (!startsWith(key, 0, JSON)) {
      return 0;
    }
    int claims = 0;
    while (claims < key.length && key[claims] != '.') {
      claims++;
    }
    return startsWith(key, claims + 1, JSON) ? claims + 1 + JSON.length : 0;
  }

  private static boolean startsWith(byte[] key, int from, byte[] beginning) {
    int to = from + beginning.length;
    return key.length >= to && Arrays.equals(key, from, to, beginning, 0, beginning.length);
  }

  private void addEscaped(Pattern pattern) {
    scans.add(new EscapedScan(pattern, Escapes.json()));
    scans.add(new EscapedScan(pattern, Escapes.percent()));
  }

  private void addEdges(Pattern pattern) {
    // The whole secret counts as a beginning too.
    boolean hasEdges = pattern.length() > EdgeScan.SHORTEST;
    scans.add(hasEdges ? new EdgeScan(pattern) : new PlainScan(pattern));
  }

  private Pattern remembered(byte[] secret) {
    Pattern pattern = new Pattern(secret);
    patterns.add(pattern);
    shortest = Math.min(shortest, secret.length);
    return pattern;
  }

  public boolean isIdle() {
    return scans.isEmpty();
  }

  /**
   * @param chunk owned by the callee from now on, and written into
   * @return what may be passed on, for the receiver to release; may be empty
   */
  public ByteBuf pass(ByteBuf chunk) {
    if (scans.isEmpty()) {
      return chunk;
    }
    int before = held.length();
    ByteBuf text = held.joinedWith(chunk);
    int from = text.readerIndex() + before;
    int keep = 0;
    for (Scan scan : scans) {
      scan.scan(text, from, text.writerIndex(), found);
      keep = Math.max(keep, scan.held());
    }
    found.mask(text);
    return held.holdLast(keep, text);
  }

  /** Returns the kept bytes when the text is complete. */
  public ByteBuf end() {
    ByteBuf text = held.takeAll();
    for (Scan scan : scans) {
      scan.end(text, text.writerIndex(), found);
    }
    found.mask(text);
    return text;
  }

  /** Redacts a complete text, such as a header's value. Must not be used within a body. */
  public String whole(String text) {
    if (text.length() < shortest) {
      return text;
    }
    ByteBuf bytes = Unpooled.wrappedBuffer(text.getBytes(ISO_8859_1));
    for (Scan scan : scans) {
      scan.scan(bytes, 0, bytes.writerIndex(), found);
      scan.end(bytes, bytes.writerIndex(), found);
    }
    if (!found.any()) {
      return text;
    }
    foundInText = true;
    found.mask(bytes);
    return bytes.toString(ISO_8859_1);
  }

  /**
   * Whether a complete text, such as a header's name, contains a secret. Must not be used within a
   * body.
   */
  public boolean finds(CharSequence text) {
    return text.length() >= shortest && !whole(text.toString()).contentEquals(text);
  }

  /** Whether {@link #whole} has found anything yet. */
  public boolean hasFoundInText() {
    return foundInText;
  }

  @Override
  public void close() {
    patterns.forEach(Pattern::wipe);
    scans.forEach(Scan::wipe);
    held.close();
  }

  /** Writes a secret as in JSON where slashes are escaped too. */
  private static final class JsonForm {
    private JsonForm() {}

    /** Whether this form differs from the secret itself. */
    static boolean isAnother(byte[] secret) {
      for (byte b : secret) {
        if (isEscaped(b)) {
          return true;
        }
      }
      return false;
    }

    private static boolean isEscaped(byte b) {
      return b == '/' || b == '"' || b == '\\';
    }

    static byte[] of(byte[] secret) {
      ByteBuf out = Unpooled.wrappedBuffer(new byte[secret.length * 2]).clear();
      for (byte b : secret) {
        if (isEscaped(b)) {
          out.writeByte('\\');
        }
        out.writeByte(b);
      }
      byte[] form = new byte[out.readableBytes()];
      out.readBytes(form);
      Arrays.fill(out.array(), (byte) 0);
      return form;
    }
  }
}
