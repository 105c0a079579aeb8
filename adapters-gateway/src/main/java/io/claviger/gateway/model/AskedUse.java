package io.claviger.gateway.model;

import io.claviger.domain.formats.ModelPath;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.formats.UseFields;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.usage.UsageModel;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@link JsonUseScan} finds in a body. {@link WholeBodyUse} computes the requested use from
 * it.
 */
final class AskedUse {
  /** The maximum number of different output maxima that are remembered. */
  static final int MOST_MAXIMA = 8;

  /**
   * The maximum number of other models that are remembered: two more than allowed, because the
   * called model can be among them and is left out later, and because one model too many makes the
   * use unclear.
   */
  private static final int MOST_REMEMBERED = RequestedUse.MOST_OTHERS + 2;

  final ProviderApi api;
  final String path;
  final UseFields fields;
  final OperationKind kind;
  final Optional<String> inPath;

  Optional<String> model = Optional.empty();
  Set<UsageModel> others = Set.of();

  /**
   * The substitutes: models that may answer in place of the called model, in the order of the body.
   */
  Set<UsageModel> substitutes = Set.of();

  boolean isSubstituteRepeated;

  /** Whether the answer might come from a model that the body does not name. */
  boolean choosesFreely;

  /**
   * The largest maximum of output tokens that the body states for one of the {@link #substitutes}.
   */
  long mostOfSubstitutes;

  /** Whether a top-level member refers to content outside of the body. */
  boolean refers;

  /** Whether the body continues an earlier response. */
  boolean goesOn;

  boolean streams;

  /** Whether the body contains a predicted part of the answer. */
  boolean predicts;

  /**
   * Whether the model might write more than the output maximum. The body might let the model start
   * further agents. The body might also choose a mode of reasoning of which no document says that
   * the maximum limits all of its output.
   */
  boolean writesBeyond;

  /** The number of objects in the body that contain a maximum of output tokens. */
  int parents;

  /** The different output maxima in the body, each with its member. */
  List<OutputMaximum> maxima = List.of();

  /**
   * A maximum of output tokens in a body.
   *
   * @param member the name of the member; empty if the member belongs to another API, but some
   *     servers of this API understand it too
   * @param tokens the maximum; empty if the value means no limit
   */
  record OutputMaximum(String member, OptionalLong tokens) {}

  /**
   * The maximum number of reasoning tokens that the body permits; empty if the body does not say.
   */
  OptionalLong reasoning = OptionalLong.empty();

  /** Whether parsers might understand the body's members about reasoning differently. */
  boolean isReasoningUnclear;

  /**
   * The maximum number of results that the body permits for a web search; 0 if the body does not
   * say.
   */
  long results;

  /** The number of answers per prompt that the body requests; 0 if the body does not say. */
  long answers;

  long prompts;

  /** The number of elements in top-level arrays, not counting numbers. */
  long elements;

  long rankedBytes;

  /**
   * An upper bound on the number of characters that the provider has to speak; negative if the
   * characters can't be counted.
   */
  long spoken;

  /** The number of Latin letters that take as long to speak as the characters of the text. */
  long spokenLength;

  /**
   * The slowest speed of speech in the body, in percent of normal speed; 0 if the body names no
   * speed.
   */
  long speed;

  boolean cachesForAnHour;

  /**
   * Whether the request might choose an engine that another account pays, so that the cost in the
   * answer lacks the engine's fees.
   */
  boolean paysElsewhere;

  /** Whether the request chooses a way to read files that has no fee for pages. */
  boolean readsFilesFreely;

  /**
   * The number of lists of page numbers in the body, and the number of pages in all these lists.
   */
  int pageLists;

  long pages;

  /**
   * Whether a list of pages contains something other than plain numbers, such as a range of pages.
   */
  boolean pagesUnclear;

  /** Whether the body also requests annotations for the pages of a document. */
  boolean annotates;

  /** Null until the body says anything about images. */
  private @Nullable AskedImages images;

  final AskedTiers tiers;

  AskedUse(
      ProviderApi api, String path, UseFields fields, OperationKind kind, Optional<String> inPath) {
    this.api = api;
    this.path = path;
    this.fields = fields;
    this.kind = kind;
    this.inPath = inPath;
    this.streams = fields.streamsUnlessSaid();
    this.tiers = new AskedTiers(api);
  }

  /**
   * Adds a maximum of output tokens.
   *
   * @param member the name of the JSON member that states the maximum; empty if the API has no such
   *     member
   * @param tokens the maximum; empty if the value means no limit. A maximum of 0 makes the use
   *     unclear, unless the provider is known to write nothing in that case
   */
  void addMaximum(String member, OptionalLong tokens) {
    OutputMaximum added = new OutputMaximum(member, tokens);
    if (maxima.isEmpty()) {
      maxima = List.of(added);
    } else if (maxima.size() <= MOST_MAXIMA) {
      maxima = Stream.concat(maxima.stream(), Stream.of(added)).toList();
    }
  }

  /**
   * Adds a maximum number of results of a web search. If the body contains several such maxima, the
   * largest one counts.
   */
  void addResults(OptionalLong number) {
    results = Math.max(results, number.orElse(Long.MAX_VALUE));
  }

  /**
   * Adds a maximum of reasoning tokens. If the body contains several such maxima, the smallest one
   * counts.
   */
  void boundReasoning(OptionalLong tokens) {
    if (reasoning.isEmpty() || tokens.orElse(Long.MAX_VALUE) < reasoning.getAsLong()) {
      reasoning = tokens;
    }
  }

  /**
   * Adds another model that the body names. Ignores the model in the path.
   *
   * @param named the model's name; a name that no model can have counts as a model without a price
   */
  void addOther(String named) {
    String bare = ModelPath.bare(named);
    boolean again = inPath.isPresent() && ModelPath.bare(inPath.get()).equals(bare);
    if (!again && others.size() < MOST_REMEMBERED) {
      others = others.isEmpty() ? new HashSet<>() : others;
      others.add(UsageModel.called(bare));
    }
  }

  /**
   * Adds a model that may answer in place of the called model.
   *
   * @param named the model's name; a name that no model can have counts as a model without a price
   */
  void addSubstitute(String named) {
    if (substitutes.size() < MOST_REMEMBERED) {
      substitutes = substitutes.isEmpty() ? new LinkedHashSet<>() : substitutes;
      isSubstituteRepeated |= !substitutes.add(UsageModel.called(ModelPath.bare(named)));
    }
  }

  /** Adds a maximum of output tokens that applies only to a substitute. */
  void addMaximumOfSubstitute(long tokens) {
    mostOfSubstitutes = Math.max(mostOfSubstitutes, tokens);
  }

  /**
   * Adds a text that the provider has to speak.
   *
   * @param bytes the size of the text in the body; counts instead of the characters if the text is
   *     longer than the scanned part
   */
  void speak(ScannedText text, long bytes) {
    if (text.isCut()) {
      spoken += bytes;
      spokenLength += bytes;
    } else {
      spoken += text.codePoints().count();
      spokenLength += text.codePoints().mapToLong(AskedUse::lengthSpoken).sum();
    }
  }

  /** Returns how many Latin letters take as long to speak as this character. */
  private static long lengthSpoken(int character) {
    boolean isSyllable =
        Character.isIdeographic(character)
            || switch (Character.UnicodeScript.of(character)) {
              case HIRAGANA, KATAKANA, HANGUL -> true;
              default -> false;
            };
    return isSyllable ? 3 : 1;
  }

  /** Records a speed of speech in the body. The slowest speed counts. */
  void speakAt(long hundredths) {
    speed = speed == 0 ? Math.max(1, hundredths) : Math.min(speed, Math.max(1, hundredths));
  }

  /** What the body says about the images that it requests. */
  AskedImages images() {
    AskedImages known = images == null ? new AskedImages() : images;
    images = known;
    return known;
  }

  /**
   * Returns the requested use of the whole body. Must be called only after the end of the body.
   *
   * @param bytes the size of the whole body, in bytes
   */
  BodyUse whole(long bytes, RequestedTools tools, RequestContent content) {
    return new WholeBodyUse(this, named(), bytes, tools, content);
  }

  /** Returns the name of the called model; empty if it is unknown. */
  String named() {
    Optional<String> stated = inPath.isPresent() ? inPath : model;
    return stated.isPresent() || substitutes.isEmpty()
        ? stated.orElse("")
        : substitutes.iterator().next().name();
  }
}
