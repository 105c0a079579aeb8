package io.claviger.domain.formats;

import static io.claviger.domain.formats.UsagePlaces.Meaning.DOCUMENT;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a format's answers state a call's usage. A place is a path of members from the root of a
 * document. A document is the whole answer, the data of one event, or one line of a stream. Members
 * in other places may repeat text of the caller. So such members are ignored even if they have the
 * right names.
 */
public final class UsagePlaces {
  public enum Meaning {
    // Numbers
    PROMPT,
    INPUT,
    /** Input that was neither read from nor written to a cache. */
    FRESH_INPUT,
    CACHED,
    /** Input from a cache, not included in the other input. */
    CACHE_READ,
    WRITTEN,
    WRITTEN_5M,
    WRITTEN_1H,
    /**
     * Input that was written to a cache. The object with this number also states how long the cache
     * keeps the input.
     */
    WRITTEN_FOR,
    /** Input that was written to a cache, included in the other input. */
    WRITTEN_OF_INPUT,
    TOOL_USE,
    /**
     * Input from searches, not included in the other input. If an answer states this number, its
     * reasoning is not included in its other output.
     */
    CITATIONS,
    COMPLETION,
    OUTPUT,
    REASONING,
    /** Reasoning, not included in the other output. */
    THOUGHTS,
    TOTAL,
    BILLED_INPUT,
    /** Billed input that was images, not included in {@link #BILLED_INPUT}. */
    BILLED_IMAGES,
    BILLED_OUTPUT,
    AUDIO_INPUT,
    AUDIO_OUTPUT,
    IMAGE_INPUT,
    IMAGE_OUTPUT,
    /** Input from a cache that was audio, included in {@link #AUDIO_INPUT}. */
    CACHED_AUDIO,
    /** Input from a cache that was images, included in {@link #IMAGE_INPUT}. */
    CACHED_IMAGES,
    /**
     * The provider's charge for the whole call, in dollars. Unlike all other numbers, this number
     * is read in nano-dollars.
     */
    COST,
    /** Web searches. */
    SEARCHES,
    /** Further web searches, not included in {@link #SEARCHES}. */
    MORE_SEARCHES,
    /** Searches of financial data, not included in the other searches. */
    FINANCE_SEARCHES,
    /** Searches for images, not included in the other searches. */
    IMAGE_SEARCHES,
    /** Calls of a tool that fetches pages of the web for the model. */
    FETCHES,
    FILE_SEARCHES,
    /** Further file searches, not included in {@link #FILE_SEARCHES}. */
    MORE_FILE_SEARCHES,
    /** Sessions in which code ran. */
    SESSIONS,
    /** Code runs that share one session. */
    RUNS_IN_SESSION,
    /** The tokens with which a tool made images, not included in the other usage. */
    IMAGE_USE,
    /** The number of an item among all items of the answer, in place of an id. */
    ITEM_INDEX,
    /** Searches that ranked documents. */
    RANKINGS,
    PAGES,
    /** Pages that were read and annotated. */
    ANNOTATED_PAGES,
    /** The billed seconds of a recording. */
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
    /** A mode with its own price, stated separately from the tier. */
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
    /** The type of an item about a tool that ran at the provider during a chat. */
    EXECUTED_TYPE,
    ITEM_STATUS,
    /** The action of the tool that an item describes. */
    ITEM_ACTION,
    // Texts that are only compared with each other
    ITEM_ID,
    CONTAINER,
    QUERY,
    // A literal
    LAST,
    // Any value except null
    /** A text, or a part of a text. In a stream, each part of a text has about one token. */
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
    /** Preliminary usage, which is stated again at the end. */
    PRELIMINARY,
    INPUT_DETAILS,
    OUTPUT_DETAILS,
    CACHED_DETAILS,
    OF_MODALITY,
    /** Input that was written to a cache, stated separately for each lifetime. */
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

    /** Whether the text only identifies something, and is only compared with other texts. */
    public boolean isIdentity() {
      return this == ITEM_ID || this == CONTAINER || this == QUERY;
    }

    /** Whether the number or text may cause a fee, or may determine which fee applies. */
    public boolean isOfFees() {
      return (compareTo(SEARCHES) >= 0 && compareTo(LENGTH) <= 0)
          || (compareTo(SEARCH_SIZE) >= 0 && compareTo(QUERY) <= 0)
          || this == ITEM
          || this == ITEMS;
    }

    /** Whether providers that state this number bill this number instead of tokens. */
    public boolean replacesTokens() {
      return compareTo(RANKINGS) >= 0 && compareTo(SECONDS) <= 0;
    }

    public boolean isCounted() {
      return compareTo(PIECE) >= 0 && compareTo(ITEM_RESULT) <= 0;
    }

    /** Whether the number is the sum of the output so far in the stream. */
    public boolean isOutput() {
      return this == COMPLETION || this == OUTPUT || this == BILLED_OUTPUT;
    }
  }

  /** A place, or a step on the path to a place. A place has members, elements, or neither. */
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
   * A path, and the meaning of the value at this path. In the path, {@code []} stands for the
   * elements of an array.
   */
  record Statement(String path, Meaning meaning) {
    Statement within(String prefix) {
      return new Statement(prefix + "." + path, meaning);
    }
  }

  /** The greatest depth of nested places, including the place of an array of documents. */
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

  /** The place of an array of documents; null if the format has no such array. */
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
