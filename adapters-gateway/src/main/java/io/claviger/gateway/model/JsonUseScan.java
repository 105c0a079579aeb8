package io.claviger.gateway.model;

import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageModel;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Finds what a JSON body asks a provider to use. Members are looked for where the provider's API
 * has them; those that differ only in case or in underscores count where they make the call dearer.
 *
 * <p>References to what the body does not hold are looked for everywhere but in the declarations of
 * tools and of the answer's form. Content that happens to have a member of such a name counts as a
 * reference too: that only makes the reservation larger.
 */
final class JsonUseScan implements UseScan, JsonEvents {
  /** The length of the longest name that matters here. */
  private static final int LONGEST_NAME = 32;

  private static final Set<String> REFERENCES =
      Set.of(
          "previousresponseid",
          "conversation",
          "conversationid",
          "cachedcontent",
          "container",
          "fileid",
          "fileids",
          "fileurl",
          "filedata",
          "fileuri",
          "imageurl",
          "videourl",
          "audiourl",
          "inlinedata",
          "inputaudio",
          "images");

  private static final Set<String> UNBOUNDED =
      Set.of(
          "websearchoptions",
          "plugins",
          "mcpservers",
          "connectors",
          "searchparameters",
          "enablesearch");

  private static final Set<String> DECLARATIONS =
      Set.of(
          "functions",
          "responseformat",
          "text",
          "metadata",
          "toolchoice",
          "toolconfig",
          "generationconfig",
          "outputconfig",
          "outputformat",
          "format",
          "user");

  private static final Set<String> STORED_ELSEWHERE =
      Set.of("reasoning", "compaction", "compaction_summary");

  private final UseFields fields;
  private final OperationKind kind;
  private final Optional<String> inPath;
  private final JsonScanner scanner = new JsonScanner(this, ScannedText.LONGEST);
  private final StringBuilder folded = new StringBuilder(LONGEST_NAME);
  private final StatedNumbers output = new StatedNumbers();
  private final StatedNumbers answers = new StatedNumbers();
  private final RequestedTools tools;

  private int depth;
  private UseMeaning meaning = UseMeaning.NOTHING;

  /** The member of the outermost object in which the scanner is, folded. */
  private String outermost = "";

  /** The depth of an array that matters only if it has elements; 0 outside of those. */
  private int listDepth;

  private UseMeaning listMeaning = UseMeaning.NOTHING;
  private int promptDepth;
  private long prompts;
  private Optional<String> model = Optional.empty();
  private boolean modelSeen;
  private boolean unreadable;
  private boolean choices;
  private boolean refers;
  private boolean streams;
  private int stored;
  private int encrypted;

  JsonUseScan(UseFields fields, OperationKind kind, Optional<String> inPath) {
    this.fields = fields;
    this.kind = kind;
    this.inPath = inPath;
    this.streams = fields.streamsUnlessSaid();
    this.tools = new RequestedTools(fields.format());
  }

  @Override
  public void read(byte[] bytes, int from, int to) {
    if (unreadable) {
      return;
    }
    try {
      scanner.read(bytes, from, to);
    } catch (MalformedJson e) {
      unreadable = true;
    }
  }

  @Override
  public void end() {
    if (unreadable) {
      return;
    }
    try {
      scanner.end();
    } catch (MalformedJson e) {
      unreadable = true;
    }
  }

  @Override
  public Optional<RequestedUse> use(long bytes) {
    long all = Math.max(1, answers.largest().orElse(1)) * Math.max(1, prompts);
    if (unreadable || all > RequestedUse.MOST) {
      return Optional.empty();
    }
    Optional<String> named = inPath.or(() -> choices ? Optional.empty() : model);
    return Optional.of(
        new RequestedUse(
            named.map(UsageModel::called).orElse(UsageModel.UNKNOWN),
            kind,
            bytes,
            kind == OperationKind.TEXT ? output.stated() : OptionalLong.empty(),
            kind == OperationKind.TEXT ? Optional.of(fields.outputField()) : Optional.empty(),
            (int) all,
            refers || stored > encrypted || tools.areUsed(),
            tools.rounds(),
            tools.areUnbounded(),
            streams));
  }

  @Override
  public void opened(boolean array) {
    element();
    UseMeaning here = meaning;
    meaning = UseMeaning.NOTHING;
    unreadable |= depth == 0 && array;
    depth++;
    switch (here) {
      case MODEL, BACKGROUND, ANSWERS -> unreadable = true;
      case OUTPUT -> output.state(OptionalLong.empty());
      case SOURCE -> refers |= !array;
      case PROMPT -> {
        refers |= !array;
        promptDepth = array ? depth : 0;
      }
      case REFERENCE, UNBOUNDED, CHOICES, OTHER_TOOL -> {
        if (array) {
          listDepth = depth;
          listMeaning = here;
        } else {
          apply(here);
        }
      }
      default -> {}
    }
    if (outermost.equals("tools")) {
      tools.opened(depth, array);
    }
  }

  @Override
  public void closed() {
    if (outermost.equals("tools")) {
      tools.closed(depth);
    }
    if (depth == listDepth) {
      listDepth = 0;
    }
    if (depth == promptDepth) {
      promptDepth = 0;
    }
    meaning = UseMeaning.NOTHING;
    depth--;
  }

  /** A value begins, which may be the element of an array. */
  private void element() {
    if (listDepth != 0 && depth == listDepth) {
      apply(listMeaning);
      listDepth = 0;
    }
    if (promptDepth != 0 && depth == promptDepth) {
      prompts++;
    }
  }

  private void apply(UseMeaning here) {
    switch (here) {
      case REFERENCE -> refers = true;
      case UNBOUNDED -> tools.allowUnbounded();
      case OTHER_TOOL -> tools.elementIsServers();
      case CHOICES -> choices = true;
      default -> {}
    }
  }

  @Override
  public void name(ScannedText name) {
    meaning = UseMeaning.NOTHING;
    if (name.isLonger() || name.length() > LONGEST_NAME) {
      outermost = depth == 1 ? "" : outermost;
      return;
    }
    if (depth == 1) {
      outermost = fold(name);
      meaning = outermostMeaning(name.toString(), outermost);
    } else if (depth == 2 && fields.parents().contains(outermost)) {
      meaning = fieldMeaning(name.toString(), fold(name));
    } else if (outermost.equals("tools")) {
      meaning = depth == tools.elementDepth() ? toolMeaning(name.toString()) : UseMeaning.NOTHING;
    } else if (!DECLARATIONS.contains(outermost)) {
      meaning = innerMeaning(name);
    }
  }

  private UseMeaning outermostMeaning(String name, String plain) {
    if (plain.equals("model")) {
      unreadable |= inPath.isEmpty() && (modelSeen || !name.equals(plain));
      modelSeen = true;
      return UseMeaning.MODEL;
    }
    if (UNBOUNDED.contains(plain)) {
      return UseMeaning.UNBOUNDED;
    }
    if (REFERENCES.contains(plain)) {
      return UseMeaning.REFERENCE;
    }
    if (ModelScan.CHOICES.contains(name)) {
      return UseMeaning.CHOICES;
    }
    return switch (plain) {
      case "prompt" -> UseMeaning.PROMPT;
      case "maxtoolcalls" -> UseMeaning.TOOL_CALLS;
      case "background" -> UseMeaning.BACKGROUND;
      case "stream" -> UseMeaning.STREAM;
      default -> fields.parents().isEmpty() ? fieldMeaning(name, plain) : UseMeaning.NOTHING;
    };
  }

  private UseMeaning fieldMeaning(String name, String plain) {
    if (fields.output().contains(name)) {
      output.seen(name);
      return UseMeaning.OUTPUT;
    }
    if (fields.foldedOutput().contains(plain)) {
      return UseMeaning.ALMOST_OUTPUT;
    }
    return fields.answers().contains(plain) ? UseMeaning.ANSWERS : UseMeaning.NOTHING;
  }

  private UseMeaning toolMeaning(String name) {
    return switch (name) {
      case "type" -> UseMeaning.TOOL_TYPE;
      case "max_uses" -> UseMeaning.TOOL_USES;
      default -> tools.isServers(name) ? UseMeaning.OTHER_TOOL : UseMeaning.NOTHING;
    };
  }

  private UseMeaning innerMeaning(ScannedText name) {
    String plain = fold(name);
    if (REFERENCES.contains(plain)) {
      return UseMeaning.REFERENCE;
    }
    return switch (plain) {
      case "type" -> UseMeaning.TYPE;
      case "source" -> UseMeaning.SOURCE;
      case "encryptedcontent" -> UseMeaning.ENCRYPTED;
      default -> UseMeaning.NOTHING;
    };
  }

  private String fold(ScannedText name) {
    folded.setLength(0);
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c != '_') {
        folded.append(Character.toLowerCase(Character.toUpperCase(c)));
      }
    }
    return folded.toString();
  }

  @Override
  public boolean wantsText() {
    return switch (meaning) {
      case MODEL, OUTPUT, ALMOST_OUTPUT, ANSWERS, TYPE, TOOL_TYPE, TOOL_USES, TOOL_CALLS -> true;
      default -> false;
    };
  }

  @Override
  public void text(ScannedText text) {
    switch (meaning) {
      case MODEL -> model = text.isLonger() ? Optional.empty() : Optional.of(text.toString());
      case TYPE -> type(text.isLonger() ? "" : text.toString());
      case TOOL_TYPE -> tools.type(text.isLonger() ? "" : text.toString());
      default -> count(StatedNumbers.parsed(text));
    }
    meaning = UseMeaning.NOTHING;
  }

  private void type(String type) {
    refers |= type.equals("item_reference");
    stored += STORED_ELSEWHERE.contains(type) ? 1 : 0;
  }

  @Override
  public void number(ScannedNumber number) {
    if (promptDepth != 0 && depth == promptDepth) {
      return; // the tokens of a single prompt
    }
    switch (meaning) {
      case OUTPUT, ALMOST_OUTPUT, ANSWERS, TOOL_USES, TOOL_CALLS -> {
        count(number.count());
        meaning = UseMeaning.NOTHING;
      }
      default -> other();
    }
  }

  private void count(OptionalLong number) {
    switch (meaning) {
      case OUTPUT -> output.state(number);
      case ALMOST_OUTPUT -> output.stateAlike(number);
      case ANSWERS -> {
        unreadable |= number.isEmpty() || number.getAsLong() > RequestedUse.MOST;
        answers.state(number);
      }
      case TOOL_USES -> tools.uses(number);
      case TOOL_CALLS -> tools.calls(number);
      default -> {}
    }
  }

  @Override
  public void literal(String literal) {
    if (!literal.equals("null")) {
      if (meaning == UseMeaning.BACKGROUND) {
        unreadable |= literal.equals("true");
      } else if (meaning == UseMeaning.STREAM) {
        streams = literal.equals("true");
      } else if (literal.equals("true")) {
        other();
      }
    } else {
      switch (meaning) {
        case MODEL -> unreadable |= inPath.isEmpty();
        case OUTPUT, ALMOST_OUTPUT, TOOL_USES, TOOL_CALLS -> count(OptionalLong.empty());
        default -> {}
      }
    }
    meaning = UseMeaning.NOTHING;
  }

  /** A string that is not wanted, a number that counts nothing, or {@code true}. */
  @Override
  public void other() {
    unreadable |= depth == 0;
    element();
    switch (meaning) {
      case MODEL, ANSWERS -> unreadable = true;
      case OUTPUT, ALMOST_OUTPUT, TOOL_USES, TOOL_CALLS -> count(OptionalLong.empty());
      case ENCRYPTED -> encrypted++;
      default -> apply(meaning);
    }
    meaning = UseMeaning.NOTHING;
  }
}
