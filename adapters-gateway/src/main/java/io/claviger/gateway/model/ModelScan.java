package io.claviger.gateway.model;

import io.claviger.application.gateway.CallRefusal;
import io.claviger.domain.formats.ModelPath;
import io.claviger.gateway.errors.CallError;
import io.claviger.gateway.errors.CallRefused;
import java.util.BitSet;
import java.util.Set;

/**
 * Finds the requested models in a JSON body while the body arrives. The scan keeps only one name at
 * a time.
 *
 * <p>A top-level member {@code model} names the model of the call: once, as a string. Top-level
 * members that offer a choice of models, such as {@code models} and {@code fallbacks}, are refused,
 * unless the format documents how such a member names all its models. In a member with a documented
 * form, all models have to be allowed.
 *
 * <p>Inner objects can name further models, for example in {@code tools[].model}. If the value of a
 * member that names models is a string, the string has to be an allowed model, too. If the value is
 * an array, each string in the array has to be an allowed model. An object never names a model: for
 * example, {@code properties.model} in the schema of a tool describes a parameter.
 *
 * <p>The scan skips content, because function arguments can contain a parameter called {@code
 * model}. Content is the value of the top-level members {@code messages}, {@code input}, {@code
 * contents}, {@code documents}, {@code metadata}, {@code chat_history} and {@code tool_results},
 * and of {@code prompt.variables} and {@code generateContentRequest.contents}. The scan does not
 * skip {@code input[].tools}, because an element of {@code input} can have its own tools. The scan
 * does not skip {@code tool.definition} in content either, because Anthropic's messages can define
 * tools in this member.
 *
 * <p>If the path names the model, every member {@code model} has to name the same model. All other
 * members keep their meaning.
 */
final class ModelScan extends JsonPart implements BodyScan {
  private static final String MODEL = "model";

  /** What the value of a member means. */
  private enum Meaning {
    NOTHING,
    /** The value is the name of the call's model. */
    THE_MODEL,
    /** The value can be the name of a model or an array of names. */
    MODELS,
    /** The value has to repeat the model in the path. */
    AS_IN_PATH,
    /** The value is an array with the models that may answer in place of the call's model. */
    SUBSTITUTES
  }

  private static final String IN_ARRAY = ".[]";

  static final Set<String> CHOICES =
      Set.of(
          "models",
          "fallbacks",
          "fallback_models",
          "fallbackmodels",
          "context_window_fallbacks",
          "content_policy_fallbacks",
          "router_settings_override", // LiteLLM, with fallbacks inside
          "lora"); // llama.cpp, which numbers the adapters

  /**
   * The names of members that name models. Members whose names end with {@code model} or {@code
   * models} also name models. LiteLLM calls a model a deployment. The last names in this list stand
   * for adapters (LoRA), which servers offer like models.
   */
  private static final Set<String> NAMES =
      Set.of(
          "model_name",
          "modelname",
          "model_id",
          "modelid",
          "deployment_id",
          "deploymentid",
          "adapters",
          "lora_path",
          "lorapath",
          "lora_name",
          "loraname");

  private static final Set<String> NAMES_AS_IN_PATH = Set.of(MODEL, "model_name", "modelname");

  private static final Set<String> CONTENT =
      Set.of(
          "messages", "input", "contents", "documents", "metadata", "chat_history", "tool_results");

  private static final String TOOLS = "tools";

  /** The members of Anthropic's messages that make a further tool available and define it. */
  private static final String TOOL = "tool";

  private static final String DEFINITION = "definition";

  /** The member with the arguments of a tool call, which are the caller's own data. */
  private static final String ARGUMENTS = "input";

  /** The longest name of a member that this scan needs to recognize. */
  private static final int LONGEST_NAME = 32;

  private final AskedModels asked;

  /**
   * The member with the substitutes, which are the models that may answer in place of the call's
   * model; empty if no other model may answer.
   */
  private final String substitutes;

  /** The member that names the model of a substitute; empty if substitutes are only names. */
  private final String nameOfSubstitute;

  /** The depth of the array with substitutes; 0 outside of the array. */
  private int substitutesDepth;

  /** Whether the current member names the model of a substitute. */
  private boolean inNameOfSubstitute;

  private boolean isSubstituteNamed;

  /** For each depth, whether an array of model names has begun at this depth. */
  private final BitSet listsOfModels = new BitSet();

  private int depth;
  private Meaning meaning = Meaning.NOTHING;
  private String outermost = "";

  /** The depth of the object whose current member is content; 0 outside of content. */
  private int contentDepth;

  /**
   * The depth of the current object with {@code tools} or with the definition of a tool inside
   * content; 0 if there is none.
   */
  private int toolsDepth;

  /** The depth of the current object with {@code tool} inside content; 0 if there is none. */
  private int toolDepth;

  /** The depth of the current object with arguments inside content; 0 if there is none. */
  private int argumentsDepth;

  ModelScan(AskedModels asked) {
    this.asked = asked;
    String place = asked.substitutes().orElse("");
    int array = place.indexOf(IN_ARRAY);
    this.substitutes = array < 0 ? "" : place.substring(0, array);
    this.nameOfSubstitute =
        array < 0 ? "" : place.substring(Math.min(place.length(), array + IN_ARRAY.length() + 1));
  }

  @Override
  public AskedModels asked() {
    return asked;
  }

  @Override
  void malformed() {
    asked.demand(false);
    asked.end();
  }

  @Override
  void complete() {
    asked.end();
  }

  @Override
  public void opened(boolean array) {
    asked.demand(!(depth == 0 && array));
    Meaning here = meaningHere();
    asked.demand(here != Meaning.THE_MODEL && !(here == Meaning.AS_IN_PATH && array));
    asked.demand(here != Meaning.SUBSTITUTES || array);
    asked.demand(!isSubstitute() || (!array && !nameOfSubstitute.isEmpty()));
    asked.demand(!isInSubstitute() || !array);
    isSubstituteNamed &= !isSubstitute();
    meaning = Meaning.NOTHING;
    depth++;
    boolean areNames = here == Meaning.SUBSTITUTES && nameOfSubstitute.isEmpty();
    listsOfModels.set(depth, array && (here == Meaning.MODELS || areNames));
    substitutesDepth = here == Meaning.SUBSTITUTES ? depth : substitutesDepth;
  }

  /** Whether the current value is an element of the array with substitutes. */
  private boolean isSubstitute() {
    return substitutesDepth > 0 && depth == substitutesDepth;
  }

  /** Whether the current value is a member of a substitute. */
  private boolean isInSubstitute() {
    return substitutesDepth > 0 && depth == substitutesDepth + 1;
  }

  @Override
  public void closed() {
    asked.demand(!isInSubstitute() || isSubstituteNamed);
    substitutesDepth = isSubstitute() ? 0 : substitutesDepth;
    leaveMember();
    meaning = Meaning.NOTHING;
    depth--;
  }

  @Override
  public void name(ScannedText name) {
    asked.demand(!name.hasNul());
    leaveMember();
    String text = name.length() > LONGEST_NAME || name.isLonger() ? "" : name.toString();
    if (contentDepth > 0 && toolsDepth == 0) {
      nameInContent(text);
      return;
    }
    if (isContent(text)) {
      contentDepth = depth;
    } else {
      meaning = meaningOf(text, folded(text));
    }
    inNameOfSubstitute = isInSubstitute() && text.equals(nameOfSubstitute);
    if (depth == 1) {
      outermost = text;
    }
  }

  private void nameInContent(String name) {
    boolean areTools = depth == contentDepth + 2 && name.equals(TOOLS);
    boolean inArguments = argumentsDepth > 0;
    if (areTools || (!inArguments && toolDepth > 0 && name.equals(DEFINITION))) {
      toolsDepth = depth;
    } else if (inArguments) {
      return;
    } else if (toolDepth == 0 && name.equals(TOOL) && outermost.equals("messages")) {
      toolDepth = depth;
    } else if (name.equals(ARGUMENTS)) {
      argumentsDepth = depth;
    }
  }

  /** Forgets the last member at the beginning of the next member, or at the end of the object. */
  private void leaveMember() {
    if (depth == toolsDepth) {
      toolsDepth = 0;
    }
    if (depth == toolDepth) {
      toolDepth = 0;
    }
    if (depth == argumentsDepth) {
      argumentsDepth = 0;
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
    if (depth == 1 && !name.isEmpty() && name.equals(substitutes)) {
      return Meaning.SUBSTITUTES;
    }
    asked.demand(depth > 1 || !CHOICES.contains(folded));
    boolean inPath = asked.inPath().isPresent();
    if (inPath && NAMES_AS_IN_PATH.contains(folded)) {
      return exactly(name, folded);
    }
    if (inPath || depth > 1) {
      return namesModels(folded) || CHOICES.contains(folded) ? Meaning.MODELS : Meaning.NOTHING;
    }
    if (folded.equals(MODEL)) {
      asked.demand(name.equals(MODEL));
      asked.beginModel();
      return Meaning.THE_MODEL;
    }
    return namesModels(folded) ? Meaning.MODELS : Meaning.NOTHING;
  }

  /**
   * Whether a member with this name, given in lower case, contains names of models. The ending of
   * the name decides, as in Groq's {@code answering_model} and OpenRouter's {@code
   * analysis_models}.
   */
  static boolean namesModels(String folded) {
    return folded.endsWith(MODEL) || folded.endsWith("models") || NAMES.contains(folded);
  }

  /**
   * Returns the meaning of a member, but only for the exact documented spelling. Other spellings
   * are refused, because some parsers treat {@code Model} like {@code model}.
   */
  private Meaning exactly(String name, String folded) {
    asked.demand(!folded.equals(MODEL) || name.equals(MODEL));
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
    String name = text.isLonger() ? null : text.toString();
    switch (meaningHere()) {
      case AS_IN_PATH -> {
        asked.demand(name != null);
        asked.repeat(ModelPath.bare(text.toString()));
      }
      case THE_MODEL -> asked.model(name);
      case SUBSTITUTES -> asked.demand(false);
      default -> {
        asked.add(name);
        isSubstituteNamed |= inNameOfSubstitute && isInSubstitute();
      }
    }
    meaning = Meaning.NOTHING;
  }

  @Override
  public void other() {
    asked.demand(depth > 0 && !isSubstitute());
    asked.demand(meaning == Meaning.NOTHING || meaning == Meaning.MODELS);
    meaning = Meaning.NOTHING;
  }

  /**
   * Folds a name in the same way as parsers that ignore case. Some of these parsers also equate
   * characters with letters, for example the Kelvin sign with k.
   */
  static String folded(String name) {
    if (isFolded(name)) {
      return name;
    }
    StringBuilder folded = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      folded.append(Character.toLowerCase(Character.toUpperCase(name.charAt(i))));
    }
    return folded.toString();
  }

  private static boolean isFolded(String name) {
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if ((c < 'a' || c > 'z') && c != '_') {
        return false;
      }
    }
    return true;
  }

  static CallRefused notReadable() {
    return new CallRefused(CallError.of(CallRefusal.MODEL_NOT_READABLE));
  }
}
