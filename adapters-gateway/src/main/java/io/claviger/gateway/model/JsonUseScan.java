package io.claviger.gateway.model;

import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageModel;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds what a JSON body asks a provider to use. Members are looked for where the provider's API
 * has them. Names that differ only in case or in underscores count as the same, because readers
 * differ on that.
 *
 * <p>What is not known to be text counts as a reference to what the body does not hold, as {@link
 * RequestContent} says of messages. A member of the outermost object that {@link KnownMembers} does
 * not list leads nowhere if it is a number, {@code false} or {@code null}, is a reference if it is
 * a string, and else may let the provider do anything. Where the most output is stated twice, or by
 * anything but a plain positive number, the body can't be read: a provider may follow another
 * reading.
 *
 * <p>Outside of the messages, each string in a member whose name contains {@code model} names a
 * model that the provider may use as well.
 */
final class JsonUseScan implements UseScan, JsonEvents {
  private static final String MODEL = "model";

  /** The length of the longest name that matters here. */
  private static final int LONGEST_NAME = 32;

  /** Tokens that a provider may put before each text of which it makes a vector. */
  private static final int BESIDES_VECTOR = 16;

  /** The same for each text that it ranks, with an instruction. */
  private static final int BESIDES_RANK = 100;

  /** Texts that are ranked are read in parts of at least so many bytes. */
  private static final int PART_OF_RANKED = 500;

  private static final Set<String> UNBOUNDED =
      Set.of(
          "websearchoptions",
          "plugins",
          "mcpservers",
          "connectors",
          "datasources",
          "searchparameters",
          "enablesearch");

  private static final Set<String> CHOICES =
      ModelScan.CHOICES.stream().map(JsonUseScan::folded).collect(Collectors.toUnmodifiableSet());

  /** What the value of a member of the outermost object is. */
  private enum Region {
    SETTING,
    OPAQUE,
    TEXT,
    TOOLS,
    /** It holds the members that state the most output. */
    PARENT,
    EDITS
  }

  private final UseFields fields;
  private final OperationKind kind;
  private final Optional<String> inPath;
  private final KnownMembers known;
  private final JsonScanner scanner = new JsonScanner(this, ScannedText.LONGEST);
  private final StringBuilder plain = new StringBuilder(LONGEST_NAME);
  private final RequestedTools tools;
  private final RequestContent content;
  private final Set<UsageModel> others = new HashSet<>(2);

  private int depth;
  private UseMeaning meaning = UseMeaning.NOTHING;

  /** The member of the outermost object in which the scanner is, folded. */
  private String outermost = "";

  private Region region = Region.SETTING;

  /** The depth of an array that matters only if it has elements; 0 outside of those. */
  private int listDepth;

  private UseMeaning listMeaning = UseMeaning.NOTHING;
  private int modelsDepth;
  private int innerToolsDepth;
  private int promptDepth;
  private long prompts;

  /** Whether the member of the outermost object is an array, and where that began. */
  private boolean inArray;

  private long arrayFrom;
  private long elements;
  private long rankedBytes;
  private Optional<String> model = Optional.empty();
  private boolean modelSeen;
  private boolean unreadable;
  private boolean choices;
  private boolean refers;
  private boolean streams;
  private boolean predicts;
  private int parents;
  private int outputs;
  private OptionalLong output = OptionalLong.empty();
  private long answers = 1;

  /**
   * @param json whether the body is said to be JSON, so that a provider does not read it as a form
   */
  JsonUseScan(UseFields fields, OperationKind kind, Optional<String> inPath, boolean json) {
    this.unreadable = !json;
    this.fields = fields;
    this.kind = kind;
    this.inPath = inPath;
    this.known = KnownMembers.of(fields.format());
    this.streams = fields.streamsUnlessSaid();
    this.tools = new RequestedTools(fields.format());
    this.content = new RequestContent(fields.format());
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
    boolean refersElsewhere = refers || content.refersElsewhere() || tools.areUsed();
    long all = answers * Math.max(1, prompts);
    long rounds = kind == OperationKind.INPUT ? readings(refersElsewhere) : tools.rounds();
    if (kind == OperationKind.TEXT && refersElsewhere) {
      // Each prompt may fill the context, and is answered as often.
      all = answers;
      rounds *= Math.max(1, prompts);
    }
    boolean unclear = outputs > 1 || parents > 1 || others.size() > RequestedUse.MOST_OTHERS;
    if (unreadable || unclear || all > RequestedUse.MOST || rounds > RequestedUse.MOST) {
      return Optional.empty();
    }
    boolean text = kind == OperationKind.TEXT;
    String named = inPath.or(() -> choices ? Optional.empty() : model).orElse("");
    UsageModel called = named.isEmpty() ? UsageModel.UNKNOWN : UsageModel.called(named);
    others.remove(called);
    return Optional.of(
        new RequestedUse(
            called,
            kind,
            readBytes(bytes),
            text ? stated(bytes) : OptionalLong.empty(),
            text ? Optional.of(fields.outputField()) : Optional.empty(),
            (int) all,
            refersElsewhere,
            (int) rounds,
            tools.areUnbounded() || content.offersTools(),
            streams,
            others));
  }

  /** Text that is predicted is charged as output where the answer differs from it. */
  private OptionalLong stated(long bytes) {
    return predicts && output.isPresent() ? OptionalLong.of(output.getAsLong() + bytes) : output;
  }

  /** How often the model may be filled with input that is not in the body. */
  private long readings(boolean refersElsewhere) {
    return refersElsewhere ? Math.max(1, isRanking() ? pairs() : elements) : 1;
  }

  /** The bytes that are read: a ranking reads each text together with all that is no such text. */
  private long readBytes(long bytes) {
    if (isRanking()) {
      return rankedBytes + pairs() * (bytes - rankedBytes + BESIDES_RANK);
    }
    return kind == OperationKind.INPUT ? bytes + elements * BESIDES_VECTOR : bytes;
  }

  private long pairs() {
    return Math.max(1, elements + rankedBytes / PART_OF_RANKED);
  }

  private boolean isRanking() {
    return kind == OperationKind.INPUT && fields.ranks();
  }

  @Override
  public void opened(boolean array) {
    element(UseMeaning.UNBOUNDED);
    UseMeaning here = meaning;
    meaning = UseMeaning.NOTHING;
    unreadable |= depth == 0 && array;
    depth++;
    if (depth == 2) {
      inArray = array;
      arrayFrom = scanner.position();
      predicts |= outermost.equals("prediction");
    }
    switch (here) {
      case MODEL, BACKGROUND, ANSWERS, OUTPUT -> unreadable = true;
      case OTHER_MODEL -> {
        modelsDepth = array ? depth : 0;
        refers |= depth == 2 && !array;
      }
      case INNER_TOOLS -> innerToolsDepth = array ? depth : 0;
      case PROMPT -> promptDepth = array ? depth : 0;
      case REFERENCE, UNLISTED, UNBOUNDED, CHOICES, OTHER_TOOL -> {
        if (array) {
          listDepth = depth;
          listMeaning = here;
        } else {
          apply(here == UseMeaning.UNLISTED ? UseMeaning.UNBOUNDED : here);
        }
      }
      default -> {}
    }
    if (region == Region.TEXT && depth > 1) {
      content.opened(depth, array);
    } else if (region == Region.TOOLS) {
      tools.opened(depth, array);
    }
  }

  @Override
  public void closed() {
    if (region == Region.TEXT && depth > 1) {
      content.closed(depth);
    } else if (region == Region.TOOLS) {
      tools.closed(depth);
    }
    if (depth == 2 && inArray && KnownMembers.RANKED.contains(outermost)) {
      rankedBytes += scanner.position() - arrayFrom;
    }
    listDepth = depth == listDepth ? 0 : listDepth;
    modelsDepth = depth == modelsDepth ? 0 : modelsDepth;
    innerToolsDepth = depth == innerToolsDepth ? 0 : innerToolsDepth;
    promptDepth = depth == promptDepth ? 0 : promptDepth;
    meaning = UseMeaning.NOTHING;
    depth--;
    inArray &= depth > 1;
  }

  /**
   * A value begins, which may be the element of an array.
   *
   * @param ifUnlisted what it means in a member that is not known
   */
  private void element(UseMeaning ifUnlisted) {
    if (listDepth != 0 && depth == listDepth) {
      apply(listMeaning == UseMeaning.UNLISTED ? ifUnlisted : listMeaning);
    }
    if (depth == 2 && inArray) {
      elements++;
      prompts += promptDepth == 2 ? 1 : 0;
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
    if (depth > 1 && (region == Region.OPAQUE || (region == Region.TEXT && content.isInValue()))) {
      return;
    }
    unreadable |= name.hasNul();
    fold(name);
    if (region == Region.TEXT && depth > 1) {
      content.name(plain, depth);
      boolean ofRequest = depth == 3 && outermost.equals("requests");
      meaning =
          ofRequest && MODEL.contentEquals(plain) ? UseMeaning.OTHER_MODEL : UseMeaning.NOTHING;
      return;
    }
    String folded = plain.toString();
    if (depth == 1) {
      outermost = folded;
      region = region(folded);
      meaning = outermostMeaning(name, folded);
      return;
    }
    switch (region) {
      case TOOLS -> meaning = toolMeaning(name, folded);
      case EDITS -> meaning = folded.equals("type") ? UseMeaning.EDIT_TYPE : settingMeaning(folded);
      case PARENT -> meaning = depth == 2 ? fieldMeaning(name, folded) : settingMeaning(folded);
      default -> meaning = settingMeaning(folded);
    }
  }

  private Region region(String folded) {
    if (fields.parents().contains(folded)) {
      return Region.PARENT;
    }
    if (known.texts().contains(folded)) {
      content.begin();
      return Region.TEXT;
    }
    return switch (folded) {
      case "tools" -> Region.TOOLS;
      case "contextmanagement" -> Region.EDITS;
      default -> known.opaque().contains(folded) ? Region.OPAQUE : Region.SETTING;
    };
  }

  private UseMeaning outermostMeaning(ScannedText name, String folded) {
    if (folded.equals(MODEL)) {
      unreadable |= inPath.isEmpty() && (modelSeen || !name.toString().equals(folded));
      modelSeen = true;
      return UseMeaning.MODEL;
    }
    if (UNBOUNDED.contains(folded)) {
      return UseMeaning.UNBOUNDED;
    }
    if (CHOICES.contains(folded)) {
      return UseMeaning.CHOICES;
    }
    parents += region == Region.PARENT ? 1 : 0;
    return switch (folded) {
      case "prompt" -> UseMeaning.PROMPT;
      case "maxtoolcalls" -> UseMeaning.TOOL_CALLS;
      case "background" -> UseMeaning.BACKGROUND;
      case "stream" -> UseMeaning.STREAM;
      default ->
          fields.parents().isEmpty() || UseFields.ANSWERS.contains(folded)
              ? fieldMeaning(name, folded)
              : settingMeaning(folded);
    };
  }

  private UseMeaning fieldMeaning(ScannedText name, String folded) {
    if (fields.foldedOutput().contains(folded)) {
      outputs++;
      unreadable |= !fields.output().contains(name.toString());
      return UseMeaning.OUTPUT;
    }
    return UseFields.ANSWERS.contains(folded) ? UseMeaning.ANSWERS : settingMeaning(folded);
  }

  private UseMeaning settingMeaning(String folded) {
    if (UseFields.ALL_OUTPUT.contains(folded)) {
      outputs += depth == 1 ? 1 : 0;
      return depth == 1 ? UseMeaning.NOTHING : UseMeaning.OUTPUT_ELSEWHERE;
    }
    if (folded.contains(MODEL) || (depth > 1 && CHOICES.contains(folded))) {
      return UseMeaning.OTHER_MODEL;
    }
    if (depth > 1 || isListed(folded)) {
      return UseMeaning.NOTHING;
    }
    return known.references().contains(folded) ? UseMeaning.REFERENCE : UseMeaning.UNLISTED;
  }

  private boolean isListed(String folded) {
    return region != Region.SETTING || known.settings().contains(folded);
  }

  private UseMeaning toolMeaning(ScannedText name, String folded) {
    boolean inner = innerToolsDepth != 0 && depth == innerToolsDepth + 1;
    if (inner && folded.equals("type")) {
      return UseMeaning.INNER_TOOL_TYPE;
    }
    if (inner && folded.equals("tools")) {
      return UseMeaning.UNBOUNDED;
    }
    if (depth == tools.elementDepth()) {
      switch (folded) {
        case "type" -> {
          return UseMeaning.TOOL_TYPE;
        }
        case "maxuses" -> {
          return name.toString().equals("max_uses") ? UseMeaning.TOOL_USES : UseMeaning.OTHER_TOOL;
        }
        case "tools" -> {
          return UseMeaning.INNER_TOOLS;
        }
        default -> {}
      }
    }
    if (folded.contains(MODEL) || CHOICES.contains(folded)) {
      return UseMeaning.OTHER_MODEL;
    }
    return depth == tools.elementDepth() && tools.isServers(folded)
        ? UseMeaning.OTHER_TOOL
        : UseMeaning.NOTHING;
  }

  /** Makes {@link #plain} the folded name, or nothing where it is too long to matter. */
  private void fold(ScannedText name) {
    plain.setLength(0);
    if (name.isLonger() || name.length() > LONGEST_NAME) {
      return;
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c >= 'a' && c <= 'z') {
        plain.append(c);
      } else if (c != '_') {
        plain.append(Character.toLowerCase(Character.toUpperCase(c)));
      }
    }
  }

  private static String folded(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }

  private boolean isInText() {
    return region == Region.TEXT && meaning == UseMeaning.NOTHING;
  }

  @Override
  public boolean wantsText() {
    return switch (meaning) {
      case MODEL,
          OTHER_MODEL,
          ANSWERS,
          TOOL_TYPE,
          INNER_TOOL_TYPE,
          EDIT_TYPE,
          TOOL_USES,
          TOOL_CALLS ->
          true;
      default -> isInModels() || (isInText() && content.wantsText());
    };
  }

  private boolean isInModels() {
    return modelsDepth != 0 && depth == modelsDepth;
  }

  @Override
  public void text(ScannedText text) {
    if (isInText() && !isInModels()) {
      content.text(text, depth);
      return;
    }
    String found = text.isLonger() ? "" : text.toString();
    switch (meaning) {
      case MODEL -> {
        model = text.isLonger() ? Optional.empty() : Optional.of(found);
        if (inPath.isPresent()) {
          addOther(found);
        }
      }
      case OTHER_MODEL -> addOther(found);
      case TOOL_TYPE -> tools.type(found);
      case INNER_TOOL_TYPE -> tools.innerType(found);
      case EDIT_TYPE -> edit(found);
      case ANSWERS, TOOL_USES, TOOL_CALLS -> count(parsed(found));
      default -> addOther(found);
    }
    meaning = UseMeaning.NOTHING;
  }

  /** A name that no model can have has no price. */
  private void addOther(String named) {
    String bare = BodyModel.bare(named);
    boolean again = inPath.isPresent() && BodyModel.bare(inPath.get()).equals(bare);
    if (!again && others.size() <= RequestedUse.MOST_OTHERS) {
      others.add(UsageModel.called(bare));
    }
  }

  /** What is cleared is not read. Anything else may make the provider read and write once more. */
  private void edit(String type) {
    if (!type.startsWith("clear_")) {
      tools.allowUnbounded();
    }
  }

  private static OptionalLong parsed(String text) {
    String digits = text.strip();
    return digits.matches("\\d{1,17}")
        ? OptionalLong.of(Long.parseLong(digits))
        : OptionalLong.empty();
  }

  @Override
  public void number(ScannedNumber number) {
    if (depth == 2 && inArray) {
      return; // a token of a single text
    }
    switch (meaning) {
      case OUTPUT -> {
        output = number.plainCount();
        unreadable |= output.isEmpty();
      }
      case ANSWERS, TOOL_USES, TOOL_CALLS -> count(number.count());
      case OUTPUT_ELSEWHERE -> outputElsewhere();
      case REFERENCE, UNLISTED -> {}
      default -> {
        if (isInText()) {
          content.number(depth);
        } else {
          other();
        }
      }
    }
    meaning = UseMeaning.NOTHING;
  }

  /** Some servers merge members of inner objects into the request. */
  private void outputElsewhere() {
    // A budget for reasoning is part of the output.
    outputs += outermost.equals("reasoning") ? 0 : 1;
  }

  private void count(OptionalLong number) {
    switch (meaning) {
      case ANSWERS -> {
        unreadable |= number.isEmpty() || number.getAsLong() > RequestedUse.MOST;
        answers = Math.max(answers, number.orElse(1));
      }
      case TOOL_USES -> tools.uses(number);
      case TOOL_CALLS -> tools.calls(number);
      default -> {}
    }
  }

  @Override
  public void literal(String literal) {
    boolean isTrue = literal.equals("true");
    boolean isNull = literal.equals("null");
    switch (meaning) {
      case MODEL -> unreadable |= !isNull || inPath.isEmpty();
      case OUTPUT -> unreadable |= !isNull;
      case BACKGROUND -> unreadable |= isTrue;
      case STREAM -> streams = isNull ? streams : isTrue;
      case TOOL_USES, TOOL_CALLS -> count(OptionalLong.empty());
      case UNLISTED -> apply(isTrue ? UseMeaning.UNBOUNDED : UseMeaning.NOTHING);
      default -> {
        if (isTrue) {
          other();
        } else if (isInText()) {
          content.nothing();
        }
      }
    }
    meaning = UseMeaning.NOTHING;
  }

  /** A string that is not wanted, a number that counts nothing, or {@code true}. */
  @Override
  public void other() {
    unreadable |= depth == 0;
    element(UseMeaning.REFERENCE);
    switch (meaning) {
      case MODEL, ANSWERS, OUTPUT -> unreadable = true;
      case BACKGROUND -> unreadable |= kind == OperationKind.TEXT;
      case UNLISTED -> refers = true;
      case TOOL_USES, TOOL_CALLS -> count(OptionalLong.empty());
      case OUTPUT_ELSEWHERE -> outputElsewhere();
      default -> {
        apply(meaning);
        if (isInText() && depth > 1) {
          content.scalar(depth);
        }
      }
    }
    meaning = UseMeaning.NOTHING;
  }
}
