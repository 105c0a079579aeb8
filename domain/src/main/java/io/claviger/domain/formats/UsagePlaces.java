package io.claviger.domain.formats;

import static io.claviger.domain.formats.UsagePlaces.Meaning.DOCUMENT;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Says where an answer in a format states a call's usage. A place is a path of members from the
 * root of a document. A document is the whole answer, the data of one event, or one line of a
 * stream. Members in other places are ignored, even if they have the right names, because they
 * might repeat text of the caller.
 */
public final class UsagePlaces {
  public enum Meaning {
    // Numbers
    PROMPT,
    INPUT,
    /** The input tokens that were neither read from nor written to a cache. */
    FRESH_INPUT,
    CACHED,
    /**
     * The input tokens that were read from a cache, if they are not included in the other input.
     */
    CACHE_READ,
    WRITTEN,
    WRITTEN_5M,
    WRITTEN_1H,
    /**
     * The input tokens that were written to a cache. The object that contains this number also
     * states how long the cache keeps them.
     */
    WRITTEN_FOR,
    /** The input tokens that were written to a cache, if they are included in the other input. */
    WRITTEN_OF_INPUT,
    /** The part of {@link #WRITTEN_OF_INPUT} that the cache keeps for less than an hour. */
    WRITTEN_BRIEFLY_OF_INPUT,
    /** The part of {@link #WRITTEN_OF_INPUT} that the cache keeps for an hour or longer. */
    WRITTEN_LONG_OF_INPUT,
    TOOL_USE,
    /**
     * The input tokens from searches, which are not included in the other input. If an answer
     * states this number, the answer's count of other output tokens does not include the reasoning.
     */
    CITATIONS,
    COMPLETION,
    OUTPUT,
    REASONING,
    /** The tokens of reasoning, if they are not included in the other output. */
    THOUGHTS,
    TOTAL,
    BILLED_INPUT,
    /** The billed input tokens of images, which are not included in {@link #BILLED_INPUT}. */
    BILLED_IMAGES,
    BILLED_OUTPUT,
    AUDIO_INPUT,
    AUDIO_OUTPUT,
    IMAGE_INPUT,
    /** The frames of videos in the input, if they are not included in {@link #IMAGE_INPUT}. */
    VIDEO_INPUT,
    IMAGE_OUTPUT,
    /** Audio input that was read from a cache. This input is included in {@link #AUDIO_INPUT}. */
    CACHED_AUDIO,
    /** Image input that was read from a cache. This input is included in {@link #IMAGE_INPUT}. */
    CACHED_IMAGES,
    /**
     * The provider's charge for the whole call. Providers state it in dollars. Unlike most other
     * numbers, this number is converted to nano-dollars when it is read.
     */
    COST,
    /**
     * What the provider of the model charges for the call if the call was made with the account's
     * own key at that provider. {@link #COST} does not include this amount. This number is
     * converted like {@link #COST}.
     */
    UPSTREAM_COST,
    /**
     * The provider's charge for the whole call in ticks of 10^-10 dollars, as xAI states it. This
     * number is converted to nano-dollars when it is read.
     */
    COST_IN_TICKS,
    /** Web searches. */
    SEARCHES,
    /** The number of web searches that are not included in {@link #SEARCHES}. */
    MORE_SEARCHES,
    /**
     * The number of searches for posts and profiles on X, which are not included in the other
     * searches. If an answer states how many posts or profiles it found, these are charged instead.
     */
    SEARCHES_OF_POSTS,
    POSTS,
    PROFILES,
    /** The number of searches of financial data, which are not included in the other searches. */
    FINANCE_SEARCHES,
    /** The number of searches for images, which are not included in the other searches. */
    IMAGE_SEARCHES,
    /** The number of calls of a tool that fetches web pages for the model. */
    FETCHES,
    FILE_SEARCHES,
    /**
     * The number of searches in the files of a conversation; {@link #FILE_SEARCHES} does not
     * include them.
     */
    SEARCHES_OF_ATTACHMENTS,
    /** The number of sessions in which code ran. */
    SESSIONS,
    /** The number of runs of code that share one session. */
    RUNS_IN_SESSION,
    /** The number of runs of all of the provider's tools together, including searches. */
    TOOL_RUNS,
    /** The number of pages that a tool fetched, if no other tool has a fee for each run. */
    FETCH_RUNS,
    /**
     * The tokens with which a tool made images. These tokens are not included in the other usage.
     */
    IMAGE_USE,
    /**
     * The tokens that a tool has read to make images. These tokens are not included in the other
     * usage.
     */
    READ_FOR_IMAGES,
    /** The index of an item among all items of the answer. The index is used like an id. */
    ITEM_INDEX,
    /** The number of searches in which documents were ranked. */
    RANKINGS,
    PAGES,
    /** The number of pages that were read and annotated. */
    ANNOTATED_PAGES,
    /** The number of billed seconds of a recording. */
    SECONDS,
    /** The length of a recording in seconds, if the answer does not state the billed seconds. */
    LENGTH,
    MODALITY_TOKENS,
    // Texts
    MODALITY,
    /** The time for which the cache keeps the input that was written to it. */
    LIFETIME,
    ITERATION_TYPE,
    ITERATION_MODEL,
    MODEL,
    TYPE,
    /** The type of a part of the answer, such as a run of a provider's tool. */
    PART_TYPE,
    TIER,
    /** A mode that has its own price, and is stated separately from the service tier. */
    MODE,
    /** The country that processed the call, if the price depends on it. */
    COUNTRY,
    /** The code of an error. */
    ERROR_CODE,
    /** The amount of text that a web search reads as context. */
    SEARCH_SIZE,
    /** The size of images. */
    SIZE,
    QUALITY,
    ITEM_TYPE,
    /** The type of an item that describes a tool which ran at the provider during a chat. */
    EXECUTED_TYPE,
    ITEM_STATUS,
    /** The action of the tool that an item describes. */
    ITEM_ACTION,
    // Texts that are only compared with each other
    ITEM_ID,
    CONTAINER,
    /** A query for images. It is billed apart from a {@link #QUERY} with the same words. */
    IMAGE_QUERY,
    QUERY,
    // Literals
    LAST,
    /** Whether the call was made with the account's own key at the provider of the model. */
    OWN_KEY,
    // Any value except null
    /** A text, or a part of a text. In a stream, each such part has about one token. */
    PIECE,
    /** A part of a spoken answer, as audio data. A {@link #PIECE} can contain such a part. */
    SPEECH,
    IMAGE,
    /** An image as a plain value. An object can contain the same image in several forms. */
    WHOLE_IMAGE,
    /** A place on a map that the answer cites as a source. */
    MAPS,
    /** The result of a tool's run. */
    ITEM_RESULT,
    // Objects and arrays in which some places are known
    DOCUMENT,
    /** Preliminary usage. The final usage is stated at the end of the answer. */
    PRELIMINARY,
    INPUT_DETAILS,
    OUTPUT_DETAILS,
    CACHED_DETAILS,
    OF_MODALITY,
    /**
     * The input tokens that were written to a cache, stated separately for each lifetime in the
     * cache.
     */
    LIFETIMES,
    OF_LIFETIME,
    ITERATIONS,
    ITERATION,
    IMAGES,
    /**
     * An item of an answer: something that the model wrote, or a run of a tool. An answer can state
     * the same item several times.
     */
    ITEM,
    /** All items of an answer. */
    ITEMS;

    public boolean isNumber() {
      return compareTo(MODALITY_TOKENS) <= 0;
    }

    public boolean isText() {
      return compareTo(MODALITY) >= 0 && compareTo(QUERY) <= 0;
    }

    /** Whether the text only identifies something, so that it is only compared with other texts. */
    public boolean isIdentity() {
      return compareTo(ITEM_ID) >= 0 && compareTo(QUERY) <= 0;
    }

    /** Whether the number or text can cause a fee, or can determine which fee applies. */
    public boolean isOfFees() {
      return (compareTo(SEARCHES) >= 0 && compareTo(LENGTH) <= 0)
          || (compareTo(SEARCH_SIZE) >= 0 && compareTo(QUERY) <= 0)
          || this == ITEM
          || this == ITEMS;
    }

    /** Whether providers that state this number charge by this number instead of by tokens. */
    public boolean replacesTokens() {
      return compareTo(RANKINGS) >= 0 && compareTo(SECONDS) <= 0;
    }

    /** Whether the number is an amount of dollars, which is converted to nano-dollars. */
    public boolean isAmount() {
      return this == COST || this == UPSTREAM_COST;
    }

    /** Whether it makes a difference that an answer states a zero instead of no number. */
    public boolean isKnownByZero() {
      return this == TOOL_RUNS || this == FETCH_RUNS || this == POSTS || this == PROFILES;
    }

    public boolean isLiteral() {
      return this == LAST || this == OWN_KEY;
    }

    public boolean isCounted() {
      return compareTo(PIECE) >= 0 && compareTo(ITEM_RESULT) <= 0;
    }

    /**
     * Whether the number is a count of output tokens; in a stream, it is the sum of the output so
     * far.
     */
    public boolean isOutput() {
      return this == COMPLETION || this == OUTPUT || this == BILLED_OUTPUT;
    }
  }

  /**
   * A place in a document, or a step on the path to a place. A place has members if it is an
   * object, elements if it is an array, or neither.
   */
  public static final class Place {
    private byte[][] names = {};
    private Place[] members = {};
    private @Nullable Place elements;
    private @Nullable Meaning meaning;

    /** Returns the place of a member; null if the member and everything in it is ignored. */
    public @Nullable Place member(byte[] name, int length) {
      for (int i = 0; i < names.length; i++) {
        byte[] each = names[i];
        if (each.length == length && Arrays.equals(each, 0, length, name, 0, length)) {
          return members[i];
        }
      }
      return null;
    }

    public boolean hasMembers() {
      return members.length > 0;
    }

    public @Nullable Place elements() {
      return elements;
    }

    public @Nullable Meaning meaning() {
      return meaning;
    }

    private Place below(String name) {
      if (name.equals("[]")) {
        Place known = elements == null ? new Place() : elements;
        elements = known;
        return known;
      }
      byte[] bytes = name.getBytes(US_ASCII);
      Place known = member(bytes, bytes.length);
      if (known == null) {
        known = new Place();
        names = Stream.concat(Stream.of(names), Stream.of(bytes)).toArray(byte[][]::new);
        members = Stream.concat(Stream.of(members), Stream.of(known)).toArray(Place[]::new);
      }
      return known;
    }
  }

  /**
   * A path in a document, and the meaning of the value at this path. In the path, {@code []} stands
   * for the elements of an array.
   */
  record Statement(String path, Meaning meaning) {
    Statement within(String prefix) {
      return new Statement(prefix + "." + path, meaning);
    }
  }

  /** The maximum depth of nested places, including the place of an array of documents. */
  public static final int DEEPEST = 8;

  private final Place document = new Place();
  private final @Nullable Place documents;
  private final byte[][] lastTypes;

  /**
   * @param lastTypes the types of documents and events that end a stream
   */
  UsagePlaces(String... lastTypes) {
    this(null, lastTypes);
  }

  private UsagePlaces(@Nullable Place documents, String... lastTypes) {
    this.document.meaning = DOCUMENT;
    this.documents = documents;
    if (documents != null) {
      documents.elements = document;
    }
    this.lastTypes =
        Stream.of(lastTypes).map(each -> each.getBytes(US_ASCII)).toArray(byte[][]::new);
  }

  /** Returns places for bodies that are one document or an array of documents. */
  static UsagePlaces inArrays() {
    return new UsagePlaces(new Place());
  }

  public Place document() {
    return document;
  }

  /** Returns the place of an array of documents; null if the format has no such array. */
  public @Nullable Place documents() {
    return documents;
  }

  /**
   * Whether a document of the given type, or an event with the given name, is the last document of
   * a stream.
   */
  public boolean isLast(byte[] type, int length) {
    for (byte[] each : lastTypes) {
      if (Arrays.equals(each, 0, each.length, type, 0, length)) {
        return true;
      }
    }
    return false;
  }

  UsagePlaces add(String prefix, List<Statement> statements) {
    statements.stream().map(each -> each.within(prefix)).forEach(this::add);
    return this;
  }

  UsagePlaces addAll(List<Statement> statements) {
    statements.forEach(this::add);
    return this;
  }

  UsagePlaces add(String path, Meaning meaning) {
    add(at(path, meaning));
    return this;
  }

  private void add(Statement statement) {
    Place place = document;
    for (String name : statement.path().split("\\.")) {
      place = place.below(name);
    }
    place.meaning = statement.meaning();
  }

  static Statement at(String path, Meaning meaning) {
    return new Statement(path, meaning);
  }
}
