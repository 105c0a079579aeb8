package io.claviger.gateway.model;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.policy.ModelPattern;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the models that a JSON body asks for, while the body arrives in parts. It keeps no more of
 * the body than one name at a time.
 *
 * <p>The outermost object names the model of the call once, as a string, in a member called {@code
 * model}. There, members that offer the provider a choice ({@code models}, {@code fallbacks} and
 * the like) are refused.
 *
 * <p>Deeper objects may name more models, as {@code tools[].model} does. Wherever a member with
 * such a name has a string or an array of strings as its value, each string has to be an allowed
 * model too. An object does not name a model: {@code properties.model} in the schema of a tool
 * describes a parameter.
 *
 * <p>Content is skipped, because the arguments of a function may well have a parameter called
 * {@code model}: {@code messages}, {@code input}, {@code contents}, {@code documents}, {@code
 * metadata}, {@code chat_history} and {@code tool_results} of the outermost object, {@code
 * prompt.variables}, and {@code generateContentRequest.contents}. Elements of {@code input} can
 * have tools of their own, so {@code input[].tools} is not skipped.
 *
 * <p>If the path names the model, every {@code model} has to be the same one.
 */
final class ModelScan extends JsonPart implements BodyScan {
  private static final String MODEL = "model";

  /** What the value of a member means. */
  private enum Meaning {
    NOTHING,
    /** It is the model of the call. */
    THE_MODEL,
    /** It may be a model's name, or an array of them. */
    MODELS,
    /** It repeats the model of the path. */
    AS_IN_PATH
  }

  static final Set<String> CHOICES =
      Set.of(
          "models",
          "fallbacks",
          "fallback_models",
          "fallbackmodels",
          "context_window_fallbacks",
          "content_policy_fallbacks");

  static final Set<String> NAMES =
      Set.of(
          MODEL,
          "model_name",
          "modelname",
          "model_id",
          "modelid",
          "fallback_model",
          "fallbackmodel",
          "allowed_models",
          "allowedmodels");

  private static final Set<String> NAMES_AS_IN_PATH = Set.of(MODEL, "model_name", "modelname");

  private static final Set<String> CONTENT =
      Set.of(
          "messages", "input", "contents", "documents", "metadata", "chat_history", "tool_results");

  private static final String TOOLS = "tools";

  /** The length of the longest name that matters here. */
  private static final int LONGEST_NAME = 32;

  /** A body that asks for more different models than this is refused. */
  static final int MOST_MODELS = 100;

  private final Set<ModelPattern> allowed;
  private final Optional<String> inPath;
  private final Set<String> asked = new HashSet<>();

  /** Whether the container at each depth is an array of models' names. */
  private final BitSet listsOfModels = new BitSet();

  private int depth;
  private Meaning meaning = Meaning.NOTHING;
  private String outermost = "";

  /** The depth of the object whose member is being skipped as content; 0 outside of content. */
  private int contentDepth;

  /**
   * The depth of the object, inside the content, whose member is {@code tools}; 0 outside of such
   * members.
   */
  private int toolsDepth;

  private boolean modelNamed;
  private boolean anotherNamed;

  /**
   * The first model that is not allowed; null if there is none so far, or if its name is too long.
   */
  private @Nullable String another;

  ModelScan(Set<ModelPattern> allowed, Optional<String> inPath) {
    this.allowed = allowed;
    this.inPath = inPath;
  }

  @Override
  void malformed() {
    throw notReadable();
  }

  @Override
  public Set<String> models() {
    if (!modelNamed && inPath.isEmpty()) {
      throw notReadable();
    }
    if (anotherNamed) {
      throw new CallRefused(
          another == null
              ? CallError.of(CallRefusal.MODEL_NOT_ALLOWED)
              : CallError.modelNotAllowed(another));
    }
    return asked;
  }

  @Override
  public void opened(boolean array) {
    demand(!(depth == 0 && array));
    Meaning here = meaningHere();
    demand(here != Meaning.THE_MODEL && !(here == Meaning.AS_IN_PATH && array));
    meaning = Meaning.NOTHING;
    depth++;
    listsOfModels.set(depth, array && here == Meaning.MODELS);
  }

  @Override
  public void closed() {
    leaveMember();
    meaning = Meaning.NOTHING;
    depth--;
  }

  @Override
  public void name(ScannedText name) {
    demand(!name.hasNul());
    leaveMember();
    String text = name.length() > LONGEST_NAME || name.isLonger() ? "" : name.toString();
    if (contentDepth > 0 && toolsDepth == 0) {
      if (depth == contentDepth + 2 && text.equals(TOOLS)) {
        toolsDepth = depth;
      }
      return;
    }
    if (isContent(text)) {
      contentDepth = depth;
    } else {
      meaning = meaningOf(text, folded(text));
    }
    if (depth == 1) {
      outermost = text;
    }
  }

  /** Forgets the last member, because the next one begins or its object ends. */
  private void leaveMember() {
    if (depth == toolsDepth) {
      toolsDepth = 0;
    }
    if (depth == contentDepth) {
      contentDepth = 0;
    }
  }

  private boolean isContent(String name) {
    return switch (depth) {
      case 1 -> CONTENT.contains(name);
      case 2 ->
          (outermost.equals("prompt") && name.equals("variables"))
              || (outermost.equals("generateContentRequest") && name.equals("contents"));
      default -> false;
    };
  }

  private Meaning meaningOf(String name, String folded) {
    if (inPath.isPresent()) {
      return NAMES_AS_IN_PATH.contains(folded) ? exactly(name, folded) : Meaning.NOTHING;
    }
    if (depth > 1) {
      return NAMES.contains(folded) || CHOICES.contains(folded) ? Meaning.MODELS : Meaning.NOTHING;
    }
    demand(!CHOICES.contains(folded));
    if (folded.equals(MODEL)) {
      demand(name.equals(MODEL) && !modelNamed);
      modelNamed = true;
      return Meaning.THE_MODEL;
    }
    return NAMES.contains(folded) ? Meaning.MODELS : Meaning.NOTHING;
  }

  /**
   * Returns the meaning of a name in its exact spelling. Some readers take {@code Model} for {@code
   * model}, so other spellings are refused.
   */
  private static Meaning exactly(String name, String folded) {
    demand(!folded.equals(MODEL) || name.equals(MODEL));
    return Meaning.AS_IN_PATH;
  }

  private Meaning meaningHere() {
    return listsOfModels.get(depth) ? Meaning.MODELS : meaning;
  }

  @Override
  public boolean wantsText() {
    return meaningHere() != Meaning.NOTHING;
  }

  @Override
  public void text(ScannedText text) {
    if (meaningHere() == Meaning.AS_IN_PATH) {
      demand(!text.isLonger() && bare(text.toString()).equals(inPath.orElseThrow()));
    } else {
      ask(text);
    }
    meaning = Meaning.NOTHING;
  }

  /**
   * Adds a model. One that is not allowed is refused only at the end, because the body may still
   * turn out to be unreadable.
   */
  private void ask(ScannedText name) {
    String model = name.toString();
    if (anotherNamed || asked.contains(model)) {
      return;
    }
    if (name.isLonger() || !ModelPattern.anyMatches(allowed, model)) {
      anotherNamed = true;
      another = name.isLonger() ? null : model;
      return;
    }
    boolean unused = asked.add(model);
    demand(asked.size() <= MOST_MODELS);
  }

  @Override
  public void other() {
    demand(depth > 0);
    demand(meaning != Meaning.THE_MODEL && meaning != Meaning.AS_IN_PATH);
    meaning = Meaning.NOTHING;
  }

  /**
   * Folds a name as readers do that ignore case. Some of them take other characters for letters.
   */
  static String folded(String name) {
    StringBuilder folded = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      folded.append(Character.toLowerCase(Character.toUpperCase(name.charAt(i))));
    }
    return folded.toString();
  }

  /** Removes {@code models/}, with which Gemini's resource names begin. */
  private static String bare(String model) {
    return model.startsWith("models/") ? model.substring("models/".length()) : model;
  }

  private static void demand(boolean fulfilled) {
    if (!fulfilled) {
      throw notReadable();
    }
  }

  static CallRefused notReadable() {
    return new CallRefused(CallError.of(CallRefusal.MODEL_NOT_READABLE));
  }
}
