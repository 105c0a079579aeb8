package io.claviger.gateway.model;

import io.claviger.domain.formats.KnownMembers;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.ProviderApi.Group;
import io.claviger.domain.formats.UseFields;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnstatedUse.Asked;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds in a JSON body whatever the provider may charge for (the requested use). The scan looks for
 * members only at the places that the provider's API documents. Names that differ only in case or
 * in underscores count as equal, because some parsers treat them as equal.
 *
 * <p>Messages count as references to something outside of the body, unless {@link RequestContent}
 * finds that the messages are complete. The following rules apply to members that {@link
 * KnownMembers} does not list, at the top level and in the object that may set a maximum of output
 * tokens. If the value of such a member is a number, {@code false} or {@code null}, the value has
 * no effect. A string counts as a reference. Any other value might permit the provider anything. If
 * a maximum of output tokens is not a plain positive number, the body is unreadable. If there are
 * several maxima, the largest maximum counts, because the provider might use any of them.
 *
 * <p>If the name of a member contains {@code model}, the member's strings count as further models
 * that the provider may use. Members in messages are an exception. The models in a choice, such as
 * {@code fallbacks}, may answer in place of the called model. An element of a choice may be an
 * object with settings for its model.
 */
final class JsonUseScan extends JsonPart implements UseScan {
  private static final String MODEL = "model";
  private static final String TOOLS = "tools";

  /**
   * The member with the time for which the provider caches a part of the input. Any part of the
   * input can have its own such member.
   */
  private static final String TTL = "ttl";

  private static final String AN_HOUR = "1h";
  private static final String TWELVE_HOURS = "12h";

  /**
   * The name, in lower case and without underscores, of the member that limits the results of a web
   * search.
   */
  private static final String RESULTS = "maxresults";

  /**
   * The engines whose searches and pages OpenRouter itself charges. With other engines, such as
   * {@code firecrawl}, another account pays
   * (openrouter.ai/docs/guides/features/server-tools/web-search).
   */
  private static final Set<String> CHARGED_ENGINES =
      Set.of(
          "auto",
          "native",
          "exa",
          "parallel",
          "perplexity",
          "mistral-ocr",
          "cloudflare-ai",
          "pdf-text");

  /**
   * The name, in lower case and without underscores, of the member that limits the tokens of
   * reasoning.
   */
  private static final String REASONING_MOST = "thinkingbudget";

  private static final String REASONING = "reasoning";

  /** The mode of reasoning that reads the input once, and writes no more than the maximum. */
  private static final String USUAL_MODE = "standard";

  /**
   * The name, in lower case and without underscores, of the member that lets OpenAI's models start
   * further agents.
   */
  private static final String AGENTS = "multiagent";

  /**
   * The member with which the provider stores the conversation, and continues a stored conversation
   * if the member names its last message.
   */
  private static final String THREAD = "thread";

  /** The member of a request for a summary of the conversation. */
  private static final String COMPACTION = "compaction";

  /** The name, in lower case and without underscores, of the member that turns reasoning off. */
  private static final String REASONING_SWITCH = "enablethinking";

  private static final Set<String> REASONING_NAMES = Set.of("thinking_budget", "enable_thinking");

  /**
   * The length, in characters, of the longest text whose characters are counted. Of longer texts,
   * the bytes are counted.
   */
  private static final int LONGEST_SPOKEN = 8_192;

  /** The longest name of a member that this scan needs to recognize. */
  private static final int LONGEST_NAME = 33;

  /** The kinds of content of top-level members. */
  private enum Region {
    SETTING,
    OPAQUE,
    TEXT,
    TOOLS,
    /** An object whose members may set a maximum of output tokens. */
    PARENT,
    /** An object whose members are top-level members in other APIs. */
    GROUP,
    EDITS,
    /** The models that may answer in place of the called model, each with its own settings. */
    CHOICES
  }

  private final ProviderApi api;
  private final UseFields fields;
  private final OperationKind kind;
  private final Optional<String> inPath;
  private final boolean isSpeech;
  private final KnownMembers known;
  private final StringBuilder plain = new StringBuilder(LONGEST_NAME);
  private final RequestedTools tools;

  /**
   * The depth of the current object if it is a tool in a message, or inside of one; otherwise 0.
   */
  private int toolDepth;

  private final RequestContent content;
  private final AskedUse asked;

  private int depth;
  private UseMeaning meaning = UseMeaning.NOTHING;

  /** The name of the current member if it sets a maximum of output tokens; otherwise empty. */
  private String outputMember = "";

  /**
   * The folded name of the current top-level member: its name in lower case and without
   * underscores.
   */
  private String outermost = "";

  private Region region = Region.SETTING;
  private Group group = Group.NONE;

  /** The name of the current group of members, as spelled in the body. */
  private String groupName = "";

  /** Whether the current member is a group's list of tools. */
  private boolean inTools;

  /** The depth of the current array if its elements matter; otherwise 0. */
  private int listDepth;

  private UseMeaning listMeaning = UseMeaning.NOTHING;
  private int modelsDepth;
  private int promptDepth;

  /** Whether the current element of a choice of models names its model. */
  private boolean isSubstituteNamed;

  /** Whether the value of the current top-level member is an array. */
  private boolean inArray;

  private long arrayFrom;
  private boolean modelSeen;

  /** The name of the last member that selects a tier, as spelled in the body. */
  private String tierMember = "";

  /** The folded names of those members read so far that must be unique. */
  private String uniqueMembers = "";

  /**
   * Whether the next value is the maximum number of results of a web search, in a tool or a plugin.
   */
  private boolean inResults;

  /** Whether the next value chooses an engine for searches or files, in a tool or a plugin. */
  private boolean inEngine;

  /** Whether the next value is the time for which the provider caches a part of the input. */
  private boolean inTtl;

  private boolean unreadable;

  /** What the body says about OpenRouter's plugins; null if the body has none. */
  private @Nullable RequestedPlugins plugins;

  /**
   * The same object as {@link #plugins} while the current top-level member is the list of plugins;
   * otherwise null.
   */
  private @Nullable RequestedPlugins inPlugins;

  /**
   * @param path the path after the name of the service or project
   * @param json whether the head says that the body is JSON; if so, no provider reads the body as a
   *     form
   */
  JsonUseScan(
      ProviderApi api, String path, OperationKind kind, Optional<String> inPath, boolean json) {
    this.unreadable = !json;
    this.api = api.ofBodies(path);
    this.fields = this.api.useFields(path);
    this.kind = kind;
    this.inPath = inPath;
    this.known = this.api.knownMembers(path);
    this.tools = new RequestedTools(this.api, path);
    this.content = new RequestContent(known);
    this.asked = new AskedUse(this.api, path, fields, kind, inPath);
    this.isSpeech = kind == OperationKind.MEDIA && WholeBodyUse.isSpeech(path);
  }

  /**
   * Reads a header that chooses a service tier.
   *
   * @param member the member of a body that chooses a tier in the same way
   * @param values the values of the header; if there are several, parsers might understand them
   *     differently
   */
  void chooseTiers(String member, List<String> values) {
    unreadable |= values.size() > 1;
    values.forEach(value -> asked.tiers.choose(member, value.strip()));
  }

  /**
   * Reads a header that names a further model.
   *
   * @param values the values of the header; if there are several, parsers might understand them
   *     differently
   */
  void nameModels(List<String> values) {
    unreadable |= values.size() > 1;
    values.forEach(value -> asked.addOther(value.strip()));
  }

  /**
   * If the provider speaks the text, longer strings than usual are read, because spoken characters
   * are counted.
   */
  @Override
  int longest() {
    return isSpeech ? LONGEST_SPOKEN : super.longest();
  }

  @Override
  boolean isOver() {
    return unreadable;
  }

  @Override
  void malformed() {
    unreadable = true;
  }

  @Override
  public BodyUse use(long bytes) {
    asked.readsFilesFreely = plugins != null && plugins.readFilesFreely();
    return unreadable ? BodyUse.UNREAD : asked.whole(bytes, tools, content);
  }

  @Override
  public void opened(boolean array) {
    element(UseMeaning.UNBOUNDED);
    UseMeaning here = meaning;
    meaning = UseMeaning.NOTHING;
    unreadable |= depth == 0 && array;
    depth++;
    if (inPlugins != null) {
      inPlugins.opened(depth, array);
    }
    if (depth == 2) {
      inArray = array;
      arrayFrom = position();
      asked.predicts |= outermost.equals("prediction");
      asked.writesBeyond |= outermost.equals(AGENTS);
      asked.refers |= array && outermost.equals(THREAD);
    }
    isSubstituteNamed &= !isSubstitute();
    switch (here) {
      case MODEL, BACKGROUND, ANSWERS, OUTPUT, TIER, SUBSTITUTE_TIER, SUBSTITUTE_OUTPUT ->
          unreadable = true;
      case SPOKEN -> asked.spoken = Long.MIN_VALUE;
      case REASONING_MODE -> reason("");
      case TOOL_QUALITY -> tools.unclearQuality();
      case OF_IMAGES -> asked.images().state("");
      case OUTPUT_ELSEWHERE -> nothingElsewhere(depth - 1);
      case SPEED -> asked.speakAt(Asked.SLOWEST);
      case OTHER_MODEL, SUBSTITUTE -> {
        modelsDepth = array ? depth : 0;
        asked.refers |= depth == 2 && !array;
        if (isInParent() && !array) {
          allowUnbounded(); // such an object might let the provider choose a model
        }
      }
      case INNER_TOOLS -> tools.innerOpened(depthOfTools(), array);
      case PROMPT -> promptDepth = array ? depth : 0;
      case REFERENCE, UNLISTED, UNBOUNDED, OTHER_TOOL, TOOL_CONTAINER -> {
        if (array) {
          listDepth = depth;
          listMeaning = here;
        } else {
          apply(here == UseMeaning.UNLISTED ? UseMeaning.UNBOUNDED : here);
        }
      }
      default -> {}
    }
    if (isContent() && !array && content.isTool()) {
      toolDepth = depth;
    }
    if (isContent()) {
      content.opened(depth, array);
    } else if (isInTools()) {
      tools.opened(depthOfTools(), array);
    }
  }

  /**
   * Whether the current object or array describes a model that may answer in place of the called
   * model.
   */
  private boolean isSubstitute() {
    return region == Region.CHOICES && depth == (inArray ? 3 : 2);
  }

  /** Whether the current object is a member of an object that may set a maximum. */
  private boolean isInParent() {
    return region == Region.PARENT && depth == 3;
  }

  private boolean isInChoices() {
    return region == Region.CHOICES && inArray && depth == 2;
  }

  private boolean isInTools() {
    return region == Region.TOOLS || (inTools && depth > 2) || toolDepth > 0;
  }

  /** Whether the scanner is inside messages, but not inside a tool that a message contains. */
  private boolean isContent() {
    return region == Region.TEXT && depth > 1 && toolDepth == 0;
  }

  /**
   * The depth of the current value. The depth is counted as if each list of tools were a top-level
   * member, and as if each tool in a message were an element of such a list.
   */
  private int depthOfTools() {
    if (toolDepth > 0) {
      return depth - toolDepth + RequestedTools.ELEMENT;
    }
    return region == Region.GROUP ? depth - 1 : depth;
  }

  @Override
  public void closed() {
    if (isContent()) {
      content.closed(depth);
    } else if (isInTools()) {
      tools.closed(depthOfTools());
      toolDepth = depth == toolDepth ? 0 : toolDepth;
    }
    if (depth == 2 && inArray && KnownMembers.RANKED.contains(outermost)) {
      asked.rankedBytes += position() - arrayFrom;
    }
    if (inPlugins != null) {
      inPlugins.closed(depth);
    }
    asked.choosesFreely |= isSubstitute() && !isSubstituteNamed;
    listDepth = depth == listDepth ? 0 : listDepth;
    modelsDepth = depth == modelsDepth ? 0 : modelsDepth;
    promptDepth = depth == promptDepth ? 0 : promptDepth;
    meaning = UseMeaning.NOTHING;
    inTtl = false;
    depth--;
    inArray &= depth > 1;
  }

  /**
   * Called at the beginning of a value that may be an element of an array.
   *
   * @param ifUnlisted the meaning of the value inside an unlisted member
   */
  private void element(UseMeaning ifUnlisted) {
    if (listDepth != 0 && depth == listDepth) {
      apply(listMeaning == UseMeaning.UNLISTED ? ifUnlisted : listMeaning);
    }
    if (depth == 2 && inArray) {
      asked.elements++;
      asked.pagesUnclear |= outermost.equals("pages");
      asked.prompts += promptDepth == 2 ? 1 : 0;
    }
  }

  private void apply(UseMeaning here) {
    switch (here) {
      case REFERENCE -> asked.refers = true;
      case UNBOUNDED -> allowUnbounded();
      case OTHER_TOOL, TOOL_CONTAINER -> tools.elementIsServers();
      case CHOICES -> asked.choosesFreely = true;
      default -> {}
    }
  }

  /**
   * Records that the provider might do more than the body says. Inside a list of tools, records a
   * tool that might do more.
   */
  private void allowUnbounded() {
    if (isInTools()) {
      tools.allowUnbounded();
    } else {
      tools.allowAnything();
    }
  }

  @Override
  public void name(ScannedText name) {
    meaning = UseMeaning.NOTHING;
    inResults = false;
    inEngine = false;
    inTtl = TTL.contentEquals(name);
    if (depth > 1 && (region == Region.OPAQUE || (isContent() && content.isInValue()))) {
      return;
    }
    unreadable |= name.hasNul();
    fold(name);
    if (isContent()) {
      content.name(plain, depth);
      if (depth == 2 && !inArray && "id".contentEquals(plain) && outermost.equals("prompt")) {
        content.offerTools();
      }
      boolean ofRequest = depth == 3 && outermost.equals("requests");
      if (ofRequest && MODEL.contentEquals(plain)) {
        meaning = UseMeaning.OTHER_MODEL;
      } else if (content.offersTools() && RequestedTools.MEMORY.contentEquals(plain)) {
        meaning = UseMeaning.MEMORY_ELSEWHERE;
      }
      return;
    }
    String listed = known.listed().find(plain);
    String folded = listed == null ? plain.toString() : listed;
    inResults = depth > 1 && folded.equals(RESULTS);
    inEngine = depth > 1 && folded.equals("engine");
    if (inPlugins != null && depth > 1) {
      inPlugins.name(name, depth);
    }
    if (depth == 1) {
      outermost = folded;
      inPlugins = folded.equals("plugins") ? plugins(name) : null;
      inTools = false;
      group = api.group(folded);
      groupName = group == Group.TIER ? name.toString() : "";
      region = region(folded);
      meaning = outermostMeaning(name, folded);
      beginImages(name, folded);
      return;
    }
    meaning =
        switch (region) {
          case TOOLS, TEXT -> tools.name(name, folded, depthOfTools());
          case GROUP -> meaningInGroup(name, folded);
          case CHOICES -> meaningInChoices(name, folded);
          case EDITS -> folded.equals("type") ? UseMeaning.EDIT_TYPE : settingMeaning(folded);
          case PARENT -> meaningInParent(name, folded);
          default -> settingMeaning(folded);
        };
    beginImages(name, folded);
  }

  private void beginImages(ScannedText name, String folded) {
    if (meaning == UseMeaning.OF_IMAGES) {
      asked.images().begin(name.toString(), folded);
    }
  }

  private RequestedPlugins plugins(ScannedText name) {
    RequestedPlugins all = plugins == null ? new RequestedPlugins() : plugins;
    plugins = all;
    if (!name.toString().equals("plugins")) {
      all.misspelled();
    }
    return all;
  }

  private UseMeaning meaningInGroup(ScannedText name, String folded) {
    if (depth > 2) {
      return inTools ? tools.name(name, folded, depthOfTools()) : settingMeaning(folded);
    }
    inTools = group == Group.TOOLS && folded.equals(TOOLS);
    if (group == Group.TIER && api.choosesTier(outermost + "." + folded)) {
      return tierMeaning(groupName + "." + name, outermost + "." + folded);
    }
    if (group != Group.OF_MODEL) {
      return settingMeaning(folded);
    }
    if (api.choosesTier(folded)) {
      return tierMeaning(name.toString(), folded);
    }
    return meaningOfSetting(folded);
  }

  private UseMeaning meaningInChoices(ScannedText name, String folded) {
    if (!isSubstitute()) {
      return settingMeaning(folded);
    }
    if (folded.contains(MODEL)) {
      return UseMeaning.SUBSTITUTE;
    }
    if (folded.equals(TOOLS)) {
      return UseMeaning.UNBOUNDED;
    }
    if (api.choosesTier(folded)) {
      tierMember = name.toString();
      unreadable |= !api.tierMembers().contains(tierMember);
      return UseMeaning.SUBSTITUTE_TIER;
    }
    return fields.output().contains(name.toString())
        ? UseMeaning.SUBSTITUTE_OUTPUT
        : meaningOfSetting(folded);
  }

  /** Returns the meaning of a member that would be a top-level member of another request. */
  private UseMeaning meaningOfSetting(String folded) {
    return meaningOfSetting(folded, known.settings());
  }

  private UseMeaning meaningOfSetting(String folded, Set<String> listed) {
    UseMeaning found =
        UseFields.ANSWERS.contains(folded) ? UseMeaning.ANSWERS : settingMeaning(folded);
    boolean isUnlisted = found == UseMeaning.NOTHING && !listed.contains(folded);
    return isUnlisted ? UseMeaning.UNLISTED : found;
  }

  private Region region(String folded) {
    if (group != Group.NONE) {
      return Region.GROUP;
    }
    if (fields.parents().contains(folded)) {
      return Region.PARENT;
    }
    if (known.texts().contains(folded)) {
      content.begin();
      return Region.TEXT;
    }
    if (KnownMembers.CHOICES.contains(folded)) {
      return Region.CHOICES;
    }
    return switch (folded) {
      case TOOLS -> Region.TOOLS;
      case "contextmanagement" -> Region.EDITS;
      case COMPACTION -> known.settings().contains(folded) ? Region.EDITS : Region.SETTING;
      default -> known.opaque().contains(folded) ? Region.OPAQUE : Region.SETTING;
    };
  }

  private UseMeaning outermostMeaning(ScannedText name, String folded) {
    if (folded.equals(MODEL)) {
      unreadable |= inPath.isEmpty() && (modelSeen || !folded.contentEquals(name));
      modelSeen = true;
      return UseMeaning.MODEL;
    }
    if (KnownMembers.UNBOUNDED.contains(folded)) {
      return UseMeaning.UNBOUNDED;
    }
    if (KnownMembers.CHOICES.contains(folded)) {
      return UseMeaning.CHOICES;
    }
    if (region == Region.GROUP || region == Region.OPAQUE) {
      return UseMeaning.NOTHING;
    }
    asked.parents += region == Region.PARENT ? 1 : 0;
    UseMeaning ofPieces = kind == OperationKind.TEXT ? UseMeaning.NOTHING : ofPieces(folded);
    if (ofPieces != UseMeaning.NOTHING) {
      return ofPieces;
    }
    if (api.choosesTier(folded)) {
      return tierMeaning(name.toString(), folded);
    }
    return switch (folded) {
      case "prompt" -> UseMeaning.PROMPT;
      case "maxtoolcalls" -> UseMeaning.TOOL_CALLS;
      case "background" -> UseMeaning.BACKGROUND;
      case "stream" -> UseMeaning.STREAM;
      case REASONING_MOST, REASONING_SWITCH -> {
        asked.isReasoningUnclear |= isAgain(folded) || !REASONING_NAMES.contains(name.toString());
        yield settingMeaning(folded);
      }
      default ->
          fields.parents().isEmpty() || UseFields.ANSWERS.contains(folded)
              ? fieldMeaning(name, folded)
              : settingMeaning(folded);
    };
  }

  private UseMeaning tierMeaning(String member, String folded) {
    tierMember = member;
    unreadable |= !api.tierMembers().contains(member) || isAgain(folded);
    return UseMeaning.TIER;
  }

  /**
   * Whether an earlier member of the body has the same name; used for members that must be unique.
   */
  private boolean isAgain(String folded) {
    boolean again = uniqueMembers.contains(folded);
    uniqueMembers = again ? uniqueMembers : uniqueMembers + folded + ' ';
    return again;
  }

  /**
   * Returns the meaning of a member that decides about charges other than tokens: it sets how many
   * things are charged, or affects their price.
   */
  private UseMeaning ofPieces(String folded) {
    if (isSpeech && (folded.equals("input") || folded.equals("text"))) {
      return UseMeaning.SPOKEN;
    }
    if (isSpeech && folded.equals("speed")) {
      return UseMeaning.SPEED;
    }
    asked.pageLists += folded.equals("pages") ? 1 : 0;
    asked.annotates |= folded.contains("annotation");
    return UseMeaning.NOTHING;
  }

  /** Returns the meaning of a member of an object that may set a maximum of output tokens. */
  private UseMeaning meaningInParent(ScannedText name, String folded) {
    if (depth > 2) {
      return settingMeaning(folded);
    }
    return fields.foldedOutput().contains(folded)
        ? fieldMeaning(name, folded)
        : meaningOfSetting(folded, known.inner());
  }

  private UseMeaning fieldMeaning(ScannedText name, String folded) {
    if (fields.foldedOutput().contains(folded)) {
      outputMember = name.toString();
      unreadable |= !fields.output().contains(outputMember);
      return UseMeaning.OUTPUT;
    }
    return UseFields.ANSWERS.contains(folded) ? UseMeaning.ANSWERS : settingMeaning(folded);
  }

  private UseMeaning settingMeaning(String folded) {
    if (kind == OperationKind.IMAGES && UseFields.ANSWERS.contains(folded)) {
      return UseMeaning.ANSWERS;
    }
    if (kind == OperationKind.IMAGES && AskedImages.describe(folded)) {
      return UseMeaning.OF_IMAGES;
    }
    if (UseFields.ALL_OUTPUT.contains(folded)) {
      return UseMeaning.OUTPUT_ELSEWHERE;
    }
    if (depth == 2 && outermost.equals(REASONING) && folded.equals("mode")) {
      return UseMeaning.REASONING_MODE;
    }
    if (depth == 2 && api.isModelOfVerdicts(outermost + "." + folded)) {
      return UseMeaning.NOTHING;
    }
    if (folded.contains(MODEL) || (depth > 1 && KnownMembers.CHOICES.contains(folded))) {
      return UseMeaning.OTHER_MODEL;
    }
    if (depth > 1 && outermost.equals(THREAD) && !folded.equals("type")) {
      return UseMeaning.REFERENCE;
    }
    if (depth > 1 || isListed(folded)) {
      return UseMeaning.NOTHING;
    }
    return known.references().contains(folded) ? UseMeaning.REFERENCE : UseMeaning.UNLISTED;
  }

  private boolean isListed(String folded) {
    return region != Region.SETTING || known.settings().contains(folded);
  }

  /**
   * Stores the name in its folded form (in lower case, without underscores) in {@link #plain},
   * unless the name is longer than any relevant name.
   */
  private void fold(ScannedText name) {
    plain.setLength(0);
    if (!name.isLonger() && name.length() <= LONGEST_NAME) {
      name.fold(plain);
    }
  }

  private boolean isInText() {
    return region == Region.TEXT && meaning == UseMeaning.NOTHING && toolDepth == 0;
  }

  @Override
  public boolean wantsText() {
    return inTtl || inEngine || (inPlugins != null && inPlugins.wantText()) || isTextWanted();
  }

  private boolean isTextWanted() {
    return switch (meaning) {
      case MODEL,
          OTHER_MODEL,
          SUBSTITUTE,
          SUBSTITUTE_TIER,
          ANSWERS,
          TOOL_TYPE,
          INNER_TOOL_TYPE,
          EDIT_TYPE,
          TOOL_USES,
          TOOL_CALLS,
          TOOL_QUALITY,
          TOOL_MEMORY,
          TOOL_CONTAINER,
          MEMORY_ELSEWHERE,
          TIER,
          SPOKEN,
          REASONING_MODE,
          OF_IMAGES ->
          true;
      default -> isInModels() || isInChoices() || (isInText() && content.wantsText());
    };
  }

  private boolean isInModels() {
    return modelsDepth != 0 && depth == modelsDepth;
  }

  @Override
  public void text(ScannedText text) {
    if (inTtl) {
      asked.cachesForAnHour |= AN_HOUR.contentEquals(text) || TWELVE_HOURS.contentEquals(text);
      if (!isTextWanted()) {
        other();
        return;
      }
    }
    if (inEngine) {
      inEngine = false;
      asked.paysElsewhere |= text.isLonger() || !CHARGED_ENGINES.contains(text.toString());
      if (!wantsText()) {
        other();
        return;
      }
    }
    if (inPlugins != null && inPlugins.wantText()) {
      inPlugins.text(text.isLonger() ? "" : text.toString());
      if (!isTextWanted()) {
        other();
        return;
      }
    }
    if (isInText() && !isInModels()) {
      content.text(text, depth);
      return;
    }
    String found = text.isLonger() ? "" : text.toString();
    switch (meaning) {
      case MODEL -> {
        asked.model = text.isLonger() ? Optional.empty() : Optional.of(api.modelNamed(found));
        if (inPath.isPresent()) {
          asked.addOther(found);
        }
      }
      case OTHER_MODEL -> asked.addOther(found);
      case SUBSTITUTE -> {
        asked.addSubstitute(found);
        isSubstituteNamed = true;
      }
      case SUBSTITUTE_TIER ->
          asked.tiers.chooseForSubstitute(tierMember, text.isLonger() ? "?" : found);
      case TOOL_TYPE -> tools.type(found);
      case INNER_TOOL_TYPE -> tools.innerType(found);
      case EDIT_TYPE -> edit(found);
      case TIER -> {
        asked.tiers.choose(tierMember, text.isLonger() ? "?" : found);
        unreadable |= asked.tiers.areTooMany();
      }
      case TOOL_QUALITY -> tools.quality(found);
      case TOOL_MEMORY -> {
        tools.memory(found);
        unreadable |= tools.hasTooMuchMemory();
      }
      case TOOL_CONTAINER -> {
        tools.container(found);
        unreadable |= tools.nameTooManyContainers();
        tools.elementIsServers();
      }
      case MEMORY_ELSEWHERE -> {
        tools.memoryElsewhere(found);
        unreadable |= tools.hasTooMuchMemory();
      }
      case OF_IMAGES -> asked.images().state(found);
      case SPOKEN -> asked.speak(text, position() - begun());
      case REASONING_MODE -> reason(found);
      case ANSWERS, TOOL_USES, TOOL_CALLS -> count(parsed(found));
      default -> {
        if (isInChoices()) {
          asked.addSubstitute(found);
        } else {
          asked.addOther(found);
        }
      }
    }
    meaning = UseMeaning.NOTHING;
  }

  /**
   * Reads the mode of reasoning. No document says how often a model in another mode than the usual
   * one reads the input, or that the output maximum limits all of its output.
   */
  private void reason(String mode) {
    if (!mode.equals(USUAL_MODE)) {
      asked.writesBeyond = true;
      tools.allowAnything();
    }
  }

  /**
   * Reads how the provider may edit the conversation. An edit that only clears content costs
   * nothing. The answer to a request for a summary contains only the summary. Any other edit might
   * make the model read and write again.
   */
  private void edit(String type) {
    boolean isAnswer = outermost.equals(COMPACTION) && type.equals("summarize");
    if (!isAnswer && !type.startsWith("clear_")) {
      tools.allowAnything();
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
      if (outermost.equals("pages")) {
        asked.pages++;
        asked.pagesUnclear |= number.isFraction() || number.count().isEmpty();
      }
      return; // the number is a page, or a token of a single text
    }
    if (inResults) {
      asked.addResults(number.count());
      inResults = false;
    }
    if (depth == 1 && outermost.equals(REASONING_MOST)) {
      asked.boundReasoning(number.plainCount());
    }
    switch (meaning) {
      case OUTPUT -> {
        OptionalLong most = number.isZero() ? OptionalLong.of(0) : number.plainCount();
        unreadable |= most.isEmpty();
        asked.addMaximum(outputMember, most);
      }
      case SUBSTITUTE_OUTPUT -> {
        OptionalLong most = number.plainCount();
        unreadable |= most.isEmpty();
        asked.addMaximumOfSubstitute(most.orElse(0));
      }
      case ANSWERS, TOOL_USES, TOOL_CALLS -> count(number.count());
      case OUTPUT_ELSEWHERE -> outputElsewhere(number.plainCount());
      case SPEED -> asked.speakAt(number.hundredths().orElse(Asked.SLOWEST));
      case TIER, SUBSTITUTE_TIER -> unreadable |= !api.isNumberWithoutTier(tierMember);
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

  /**
   * Records a maximum of output tokens whose member belongs to another API or to an inner object.
   * Some servers treat the members of inner objects like top-level members.
   */
  private void outputElsewhere(OptionalLong tokens) {
    // A maximum for reasoning is not recorded, because it limits only a part of the output.
    if (depth == 1 || !outermost.equals(REASONING)) {
      asked.addMaximum("", tokens);
    }
  }

  /**
   * Does the same as {@link #outputElsewhere} for a value that means no limit: an object, an array,
   * {@code false} or {@code null}. Ignores such a value in an inner object, where the member might
   * have another meaning.
   */
  private void nothingElsewhere(int at) {
    if (at == 1) {
      asked.addMaximum("", OptionalLong.empty());
    }
  }

  private void count(OptionalLong number) {
    switch (meaning) {
      case ANSWERS -> {
        unreadable |= number.isEmpty() || number.getAsLong() > RequestedUse.MOST;
        asked.answers = Math.max(asked.answers, number.orElse(1));
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
    asked.pagesUnclear |= depth == 2 && inArray && outermost.equals("pages");
    if (depth == 1 && outermost.equals(REASONING_SWITCH) && literal.equals("false")) {
      asked.boundReasoning(OptionalLong.of(0));
    }
    switch (meaning) {
      case MODEL -> unreadable |= !isNull || inPath.isEmpty();
      case OUTPUT -> {
        unreadable |= !isNull;
        asked.addMaximum(outputMember, OptionalLong.empty());
      }
      case SUBSTITUTE_TIER, SUBSTITUTE_OUTPUT -> unreadable |= !isNull;
      case BACKGROUND -> unreadable |= isTrue;
      case STREAM -> asked.streams = isNull ? asked.streams : isTrue;
      case TOOL_USES, TOOL_CALLS -> count(OptionalLong.empty());
      case TOOL_QUALITY -> {
        if (!isNull) {
          tools.unclearQuality();
        }
      }
      case UNLISTED -> apply(isTrue ? UseMeaning.UNBOUNDED : UseMeaning.NOTHING);
      default -> {
        if (isTrue) {
          other();
        } else if (meaning == UseMeaning.OUTPUT_ELSEWHERE) {
          nothingElsewhere(depth);
        } else if (isInText()) {
          content.nothing();
        }
      }
    }
    meaning = UseMeaning.NOTHING;
  }

  /**
   * Handles a value that no other method handles: an irrelevant string, a number that is no count,
   * or {@code true}.
   */
  @Override
  public void other() {
    unreadable |= depth == 0 || (depth == 1 && group == Group.TIER);
    asked.refers |= depth == 1 && outermost.equals(THREAD);
    element(UseMeaning.REFERENCE);
    switch (meaning) {
      case MODEL, ANSWERS, OUTPUT, TIER, SUBSTITUTE_TIER, SUBSTITUTE_OUTPUT -> unreadable = true;
      case BACKGROUND -> unreadable |= kind == OperationKind.TEXT;
      case REASONING_MODE -> reason("");
      case SPEED -> asked.speakAt(Asked.SLOWEST);
      case UNLISTED -> {
        asked.refers = true;
        asked.goesOn |= outermost.equals("previousresponseid");
      }
      case TOOL_USES, TOOL_CALLS -> count(OptionalLong.empty());
      case TOOL_QUALITY -> tools.unclearQuality();
      case OF_IMAGES -> asked.images().state("");
      case OUTPUT_ELSEWHERE -> outputElsewhere(OptionalLong.empty());
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
