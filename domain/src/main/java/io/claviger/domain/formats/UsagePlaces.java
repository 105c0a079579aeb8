package io.claviger.domain.formats;

import static io.claviger.domain.formats.UsagePlaces.Meaning.AUDIO_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.AUDIO_OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.BILLED_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.BILLED_OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHED;
import static io.claviger.domain.formats.UsagePlaces.Meaning.CACHE_READ;
import static io.claviger.domain.formats.UsagePlaces.Meaning.COMPLETION;
import static io.claviger.domain.formats.UsagePlaces.Meaning.DOCUMENT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.FRESH_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGES;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGE_INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.IMAGE_OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.INPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.INPUT_DETAILS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.ITERATIONS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.LAST;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODALITY;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODALITY_TOKENS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.MODEL;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OF_MODALITY;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OUTPUT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.OUTPUT_DETAILS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PIECE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PRELIMINARY;
import static io.claviger.domain.formats.UsagePlaces.Meaning.PROMPT;
import static io.claviger.domain.formats.UsagePlaces.Meaning.REASONING;
import static io.claviger.domain.formats.UsagePlaces.Meaning.THOUGHTS;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TOOL_USE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TOTAL;
import static io.claviger.domain.formats.UsagePlaces.Meaning.TYPE;
import static io.claviger.domain.formats.UsagePlaces.Meaning.WRITTEN;
import static io.claviger.domain.formats.UsagePlaces.Meaning.WRITTEN_1H;
import static io.claviger.domain.formats.UsagePlaces.Meaning.WRITTEN_5M;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.claviger.domain.standards.WireFormat;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The places where answers of a format state what a call has used: paths of members, from the root
 * of a document. A document is the whole answer, the data of one event, or one line. What is
 * elsewhere may repeat what the caller wrote, and says nothing about usage, whatever its name.
 */
public final class UsagePlaces {
  /** What a value says at its place. */
  public enum Meaning {
    // Numbers
    PROMPT,
    INPUT,
    /** Input that was neither read from a cache nor written to one. */
    FRESH_INPUT,
    CACHED,
    /** Input from a cache that is not part of the other input. */
    CACHE_READ,
    WRITTEN,
    WRITTEN_5M,
    WRITTEN_1H,
    TOOL_USE,
    COMPLETION,
    OUTPUT,
    REASONING,
    /** Reasoning that is not part of the other output. */
    THOUGHTS,
    TOTAL,
    BILLED_INPUT,
    BILLED_OUTPUT,
    AUDIO_INPUT,
    AUDIO_OUTPUT,
    IMAGE_INPUT,
    IMAGE_OUTPUT,
    MODALITY_TOKENS,
    // Texts
    MODALITY,
    MODEL,
    TYPE,
    // A literal
    /** Whether the document is the last one of a stream. */
    LAST,
    // Any value but null
    /** Text, or a part of it. In streams a part has about one token. */
    PIECE,
    IMAGE,
    // Objects and arrays of which places are known
    DOCUMENT,
    /** Usage that is stated again at the end. */
    PRELIMINARY,
    INPUT_DETAILS,
    OUTPUT_DETAILS,
    OF_MODALITY,
    ITERATIONS,
    IMAGES;

    public boolean isNumber() {
      return compareTo(MODALITY_TOKENS) <= 0;
    }

    public boolean isText() {
      return this == MODALITY || this == MODEL || this == TYPE;
    }

    public boolean isCounted() {
      return this == PIECE || this == IMAGE;
    }

    /** Whether the number is that of all output so far. */
    public boolean isOutput() {
      return this == COMPLETION || this == OUTPUT || this == BILLED_OUTPUT;
    }
  }

  /** A place, or one on the way to it. It has members, elements, or neither. */
  public static final class Place {
    private byte[][] names = {};
    private Place[] members = {};
    private @Nullable Place elements;
    private @Nullable Meaning meaning;

    /** The place of a member; null where nothing is stated in it. */
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

  /** A path, with {@code []} for the elements of an array, and what is there. */
  private record Statement(String path, Meaning meaning) {
    Statement within(String prefix) {
      return new Statement(prefix + "." + path, meaning);
    }
  }

  /** The most places that are open at a time, with that of an array of documents. */
  public static final int DEEPEST = 8;

  private static final List<Statement> OPENAI_USAGE =
      List.of(
          at("prompt_tokens", PROMPT),
          at("completion_tokens", COMPLETION),
          at("input_tokens", INPUT),
          at("output_tokens", OUTPUT),
          at("total_tokens", TOTAL),
          at("prompt_cache_hit_tokens", CACHED), // DeepSeek
          at("cached_tokens", CACHED), // Moonshot
          at("reasoning_tokens", REASONING), // Perplexity
          at("prompt_tokens_details", INPUT_DETAILS),
          at("prompt_tokens_details.cached_tokens", CACHED),
          at("prompt_tokens_details.audio_tokens", AUDIO_INPUT),
          at("prompt_tokens_details.image_tokens", IMAGE_INPUT),
          at("input_tokens_details", INPUT_DETAILS),
          at("input_tokens_details.cached_tokens", CACHED),
          at("input_tokens_details.audio_tokens", AUDIO_INPUT),
          at("input_tokens_details.image_tokens", IMAGE_INPUT),
          at("input_token_details", INPUT_DETAILS), // transcriptions
          at("input_token_details.cached_tokens", CACHED),
          at("input_token_details.audio_tokens", AUDIO_INPUT),
          at("input_token_details.image_tokens", IMAGE_INPUT),
          at("completion_tokens_details", OUTPUT_DETAILS),
          at("completion_tokens_details.reasoning_tokens", REASONING),
          at("completion_tokens_details.audio_tokens", AUDIO_OUTPUT),
          at("completion_tokens_details.image_tokens", IMAGE_OUTPUT),
          at("output_tokens_details", OUTPUT_DETAILS),
          at("output_tokens_details.reasoning_tokens", REASONING),
          at("output_tokens_details.audio_tokens", AUDIO_OUTPUT),
          at("output_tokens_details.image_tokens", IMAGE_OUTPUT),
          at("output_token_details", OUTPUT_DETAILS),
          at("output_token_details.audio_tokens", AUDIO_OUTPUT),
          at("output_token_details.image_tokens", IMAGE_OUTPUT));

  private static final List<Statement> ANTHROPIC_NUMBERS =
      List.of(
          at("input_tokens", FRESH_INPUT),
          at("cache_read_input_tokens", CACHE_READ),
          at("cache_creation_input_tokens", WRITTEN),
          at("cache_creation.ephemeral_5m_input_tokens", WRITTEN_5M),
          at("cache_creation.ephemeral_1h_input_tokens", WRITTEN_1H),
          at("output_tokens", OUTPUT));

  private static final List<Statement> ANTHROPIC_USAGE =
      Stream.concat(
              Stream.of(at("iterations", ITERATIONS)),
              Stream.concat(
                  ANTHROPIC_NUMBERS.stream(),
                  ANTHROPIC_NUMBERS.stream().map(each -> each.within("iterations.[]"))))
          .toList();

  private static final List<Statement> GEMINI_USAGE =
      List.of(
          at("promptTokenCount", INPUT),
          at("cachedContentTokenCount", CACHED),
          at("toolUsePromptTokenCount", TOOL_USE),
          at("candidatesTokenCount", OUTPUT),
          at("thoughtsTokenCount", THOUGHTS),
          at("totalTokenCount", TOTAL),
          at("promptTokensDetails", INPUT_DETAILS),
          at("promptTokensDetails.[]", OF_MODALITY),
          at("promptTokensDetails.[].modality", MODALITY),
          at("promptTokensDetails.[].tokenCount", MODALITY_TOKENS),
          at("candidatesTokensDetails", OUTPUT_DETAILS),
          at("candidatesTokensDetails.[]", OF_MODALITY),
          at("candidatesTokensDetails.[].modality", MODALITY),
          at("candidatesTokensDetails.[].tokenCount", MODALITY_TOKENS));

  private static final List<Statement> COHERE_USAGE =
      List.of(
          at("billed_units.input_tokens", BILLED_INPUT),
          at("billed_units.output_tokens", BILLED_OUTPUT),
          at("tokens.input_tokens", INPUT),
          at("tokens.output_tokens", OUTPUT),
          at("cached_tokens", CACHED));

  private static final Map<WireFormat, UsagePlaces> OF_FORMATS = ofFormats();
  private static final UsagePlaces OPENAI_RERANK = openai().add("meta", COHERE_USAGE);

  private final Place document = new Place();
  private final @Nullable Place documents;
  private final byte[][] lastTypes;

  /**
   * @param inArrays whether an array of documents is read like documents that follow one another
   * @param lastTypes the types of the documents, and of the events, that end a stream
   */
  private UsagePlaces(boolean inArrays, String... lastTypes) {
    this.document.meaning = DOCUMENT;
    this.documents = inArrays ? new Place() : null;
    if (documents != null) {
      documents.elements = document;
    }
    this.lastTypes =
        Stream.of(lastTypes).map(each -> each.getBytes(US_ASCII)).toArray(byte[][]::new);
  }

  /**
   * @param path the path of the operation, below the service's endpoint
   */
  public static UsagePlaces of(WireFormat format, String path) {
    boolean reranks = format == WireFormat.OPENAI && path.endsWith("rerank");
    return reranks ? OPENAI_RERANK : Objects.requireNonNull(OF_FORMATS.get(format));
  }

  /** The place of a document that is an object. */
  public Place document() {
    return document;
  }

  /** The place of an array of documents; null where the format has none. */
  public @Nullable Place documents() {
    return documents;
  }

  /** Whether a document of this type, or an event of this name, is the last one of a stream. */
  public boolean isLast(byte[] type, int length) {
    for (byte[] each : lastTypes) {
      if (Arrays.equals(each, 0, each.length, type, 0, length)) {
        return true;
      }
    }
    return false;
  }

  private UsagePlaces add(String prefix, List<Statement> statements) {
    statements.stream().map(each -> each.within(prefix)).forEach(this::add);
    return this;
  }

  private UsagePlaces add(String path, Meaning meaning) {
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

  private static Map<WireFormat, UsagePlaces> ofFormats() {
    Map<WireFormat, UsagePlaces> places = new EnumMap<>(WireFormat.class);
    for (WireFormat each : WireFormat.values()) {
      places.put(
          each,
          switch (each) {
            case OPENAI -> openai();
            case ANTHROPIC -> anthropic();
            case GEMINI -> gemini();
            case COHERE -> cohere();
            case OLLAMA -> ollama();
          });
    }
    return places;
  }

  private static UsagePlaces openai() {
    return new UsagePlaces(
            false,
            "response.completed",
            "response.incomplete",
            "response.failed",
            "speech.audio.done",
            "transcript.text.done")
        .add("choices.[].delta", PIECE)
        .add("choices.[].text", PIECE)
        .add("delta", PIECE)
        .add("model", MODEL)
        .add("usage", OPENAI_USAGE)
        .add("type", TYPE)
        .add("response.model", MODEL)
        .add("response.usage", OPENAI_USAGE)
        .add("x_groq.usage", OPENAI_USAGE)
        .add("data.[]", IMAGES)
        .add("data.[].b64_json", IMAGE)
        .add("data.[].url", IMAGE);
  }

  private static UsagePlaces anthropic() {
    return new UsagePlaces(false, "message_stop")
        .add("type", TYPE)
        .add("delta", PIECE)
        .add("model", MODEL)
        .add("usage", ANTHROPIC_USAGE)
        .add("message.model", MODEL)
        .add("message.usage", PRELIMINARY)
        .add("message.usage", ANTHROPIC_USAGE);
  }

  private static UsagePlaces gemini() {
    return new UsagePlaces(true)
        .add("candidates.[].content.parts.[]", PIECE)
        .add("usageMetadata", GEMINI_USAGE)
        .add("modelVersion", MODEL);
  }

  private static UsagePlaces cohere() {
    return new UsagePlaces(false, "message-end")
        .add("type", TYPE)
        .add("delta", PIECE)
        .add("text", PIECE)
        .add("usage", COHERE_USAGE)
        .add("delta.usage", COHERE_USAGE)
        .add("meta", COHERE_USAGE)
        .add("response.meta", COHERE_USAGE)
        .add("is_finished", LAST);
  }

  private static UsagePlaces ollama() {
    return new UsagePlaces(false)
        .add("model", MODEL)
        .add("message", PIECE)
        .add("response", PIECE)
        .add("done", LAST)
        .add("prompt_eval_count", INPUT)
        .add("eval_count", OUTPUT);
  }

  private static Statement at(String path, Meaning meaning) {
    return new Statement(path, meaning);
  }
}
