package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the models that a form of parts (RFC 7578) asks for. It keeps no more of the body than the
 * head of one part or the name of one model. A body whose parts two readers could tell apart
 * differently is refused: the boundary must stand nowhere but in delimiters.
 */
final class MultipartScan implements BodyScan {
  private static final int LONGEST_HEAD = 2 << 10;
  private static final int LONGEST_NAME = 1 << 10;

  private enum At {
    BEGIN,
    /** Behind a delimiter, where a line or the body ends. */
    DELIMITED,
    HEAD,
    CONTENT,
    END
  }

  private final Set<ModelPattern> allowed;
  private final Optional<String> inPath;
  private final byte[] delimiter;

  /** How much of the delimiter still matches when the byte behind so much of it does not. */
  private final int[] shorter;

  private final Set<String> asked = new HashSet<>();

  /** The head, the name of a model, or what follows a delimiter. */
  private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

  private At at = At.BEGIN;
  private int matched;
  private long position;
  private long lineBegin;
  private long contentBegin;
  private byte before;
  private boolean keepsContent;
  private boolean isTheModel;
  private boolean modelNamed;

  MultipartScan(Set<ModelPattern> allowed, Optional<String> inPath, String boundary) {
    this.allowed = allowed;
    this.inPath = inPath;
    this.delimiter = ("--" + boundary).getBytes(ISO_8859_1);
    this.shorter = new int[delimiter.length];
    for (int i = 1, length = 0; i < delimiter.length; i++) {
      while (length > 0 && delimiter[i] != delimiter[length]) {
        length = shorter[length - 1];
      }
      length += delimiter[i] == delimiter[length] ? 1 : 0;
      shorter[i] = length;
    }
  }

  @Override
  public void read(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      read(bytes[i]);
    }
  }

  @Override
  public Set<String> end() {
    demand(at == At.END && (kept.size() == 0 || kept.size() == 2));
    demand(modelNamed || inPath.isPresent());
    return asked;
  }

  private void read(byte next) {
    position++;
    boolean delimited = matches(next);
    if (before == '\r' && next == '\n') {
      lineBegin = position;
    }
    before = next;
    switch (at) {
      case BEGIN -> {
        demand(position <= delimiter.length);
        if (delimited) {
          beginDelimited();
        }
      }
      case DELIMITED -> delimiterEnd(next);
      case HEAD -> {
        demand(!delimited);
        head(next);
      }
      case CONTENT -> content(next, delimited);
      case END -> {
        kept.write(next);
        demand(!delimited && "\r\n".startsWith(kept.toString(ISO_8859_1)));
      }
    }
  }

  private boolean matches(byte next) {
    while (matched > 0 && next != delimiter[matched]) {
      matched = shorter[matched - 1];
    }
    matched += next == delimiter[matched] ? 1 : 0;
    if (matched == delimiter.length) {
      matched = 0;
      return true;
    }
    return false;
  }

  private void beginDelimited() {
    at = At.DELIMITED;
    kept.reset();
  }

  private void delimiterEnd(byte next) {
    kept.write(next);
    if (kept.size() == 2) {
      String end = kept.toString(ISO_8859_1);
      demand(end.equals("\r\n") || end.equals("--"));
      at = end.equals("--") ? At.END : At.HEAD;
      kept.reset();
    }
  }

  private void head(byte next) {
    kept.write(next);
    demand(kept.size() <= LONGEST_HEAD);
    if (next == '\n') {
      String head = kept.toString(ISO_8859_1);
      if (head.endsWith("\r\n\r\n")) {
        beginContent(PartHead.of(head.substring(0, head.length() - 4)));
      }
    }
  }

  private void beginContent(PartHead part) {
    String name = part.name();
    String base = part.baseName();
    isTheModel = base.equals("model");
    keepsContent = ModelScan.NAMES.contains(base);
    demand(!ModelScan.CHOICES.contains(base));
    demand(!keepsContent || (name.equals(base) && part.isPlainText()));
    demand(!isTheModel || !modelNamed);
    modelNamed |= isTheModel;
    at = At.CONTENT;
    contentBegin = position;
    kept.reset();
  }

  private void content(byte next, boolean delimited) {
    if (keepsContent) {
      kept.write(next);
      demand(kept.size() <= LONGEST_NAME);
    }
    if (!delimited) {
      return;
    }
    long begin = position - delimiter.length;
    demand(begin == lineBegin && begin - 2 >= contentBegin);
    if (keepsContent) {
      byte[] bytes = kept.toByteArray();
      ask(new String(bytes, 0, bytes.length - delimiter.length - 2, UTF_8));
    }
    beginDelimited();
  }

  private void ask(String model) {
    boolean inPathToo = inPath.isEmpty() || !isTheModel || inPath.get().equals(model);
    if (!ModelPattern.anyMatches(allowed, model) || !inPathToo) {
      throw new CallRefused(CallError.of(CallRefusal.MODEL_NOT_ALLOWED));
    }
    asked.add(model);
  }

  static void demand(boolean fulfilled) {
    if (!fulfilled) {
      throw ModelScan.notReadable();
    }
  }
}
