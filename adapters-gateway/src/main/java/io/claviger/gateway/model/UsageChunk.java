package io.claviger.gateway.model;

/**
 * Recognizes the JSON text in which a stream of {@code chat/completions} or {@code completions}
 * states its usage. The JSON text contains {@code choices} with an empty array and {@code usage}
 * with an object. The text can arrive in several parts.
 */
public final class UsageChunk implements JsonEvents {
  /** The current top-level member. */
  private enum Member {
    CHOICES,
    USAGE,
    OTHER
  }

  private enum Choices {
    UNSEEN,
    OPEN,
    EMPTY
  }

  private final JsonScanner scanner = new JsonScanner(this, ScannedText.LONGEST);
  private int depth;
  private Member member = Member.OTHER;
  private Choices choices = Choices.UNSEEN;
  private boolean hasUsage;
  private boolean ruledOut;

  /** Begins a new text. */
  public void begin() {
    scanner.restart();
    depth = 0;
    member = Member.OTHER;
    choices = Choices.UNSEEN;
    hasUsage = false;
    ruledOut = false;
  }

  public void read(byte[] bytes, int from, int to) {
    if (ruledOut) {
      return;
    }
    try {
      scanner.read(bytes, from, to);
    } catch (MalformedBody e) {
      ruledOut = true;
    }
  }

  /** Whether the text so far can't become a text with the usage. */
  public boolean isRuledOut() {
    return ruledOut;
  }

  /** Whether the text is a complete text with the usage. */
  public boolean isUsage() {
    if (ruledOut || !hasUsage || choices != Choices.EMPTY) {
      return false;
    }
    try {
      scanner.end();
      return true;
    } catch (MalformedBody e) {
      return false;
    }
  }

  @Override
  public void opened(boolean array) {
    if (depth == 0) {
      ruleOutIf(array);
    } else if (depth == 1) {
      openedMember(array);
    } else {
      ruleOutIf(choices == Choices.OPEN);
    }
    depth++;
  }

  private void openedMember(boolean array) {
    if (member == Member.CHOICES) {
      ruleOutIf(!array || choices != Choices.UNSEEN);
      choices = Choices.OPEN;
    } else if (member == Member.USAGE) {
      hasUsage |= !array;
    }
  }

  @Override
  public void closed() {
    depth--;
    if (depth == 1 && choices == Choices.OPEN) {
      choices = Choices.EMPTY;
    }
  }

  @Override
  public void name(ScannedText name) {
    if (depth == 1) {
      member =
          "choices".contentEquals(name)
              ? Member.CHOICES
              : "usage".contentEquals(name) ? Member.USAGE : Member.OTHER;
    }
  }

  @Override
  public boolean wantsText() {
    return false;
  }

  @Override
  public void text(ScannedText text) {
    other();
  }

  @Override
  public void other() {
    boolean noArray = depth == 1 && member == Member.CHOICES;
    ruleOutIf(depth == 0 || choices == Choices.OPEN || noArray);
  }

  private void ruleOutIf(boolean isOther) {
    if (isOther) {
      ruledOut = true;
      scanner.stop();
    }
  }
}
