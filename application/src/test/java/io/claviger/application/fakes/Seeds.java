package io.claviger.application.fakes;

import io.claviger.domain.Description;
import io.claviger.domain.DisplayName;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.accounts.User;
import io.claviger.domain.definitions.ContextLimit;
import io.claviger.domain.definitions.Definition;
import io.claviger.domain.definitions.DefinitionFields;
import io.claviger.domain.definitions.Dimensions;
import io.claviger.domain.definitions.Endpoint;
import io.claviger.domain.definitions.ListedProvider;
import io.claviger.domain.definitions.Provider;
import io.claviger.domain.policy.Operation;
import io.claviger.domain.standards.ApiStandard;
import io.claviger.domain.standards.KeyMethod;
import io.claviger.domain.standards.KeyPlacement;
import io.claviger.domain.standards.WireFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The rows that the migrations insert into every database. */
public final class Seeds {
  public static final Instant SEEDED_AT = Instant.parse("2026-01-01T00:00:00Z");

  public static final User SYSTEM =
      new User(
          User.Id.SYSTEM,
          Handle.SYSTEM,
          new DisplayName("System"),
          Optional.empty(),
          false,
          1,
          SEEDED_AT,
          SEEDED_AT);

  /** Sorted by handle. */
  public static final List<ApiStandard> STANDARDS =
      List.of(
          standard(
              "anthropic", "Anthropic's Messages API", WireFormat.ANTHROPIC, header("x-api-key")),
          azure(),
          standard("bedrock", "Amazon Bedrock's own API", WireFormat.BEDROCK, KeyPlacement.BEARER),
          standard("cohere", "Cohere's API", WireFormat.COHERE, KeyPlacement.BEARER),
          standard("gemini", "Google's Gemini API", WireFormat.GEMINI, header("x-goog-api-key")),
          standard(
              "none",
              "Services without a key that speak like OpenAI, such as Ollama",
              WireFormat.OPENAI,
              KeyPlacement.NONE),
          standard(
              "ollama", "Ollama's own API, without a key", WireFormat.OLLAMA, KeyPlacement.NONE),
          standard(
              "openai",
              "OpenAI's API, and what speaks like it",
              WireFormat.OPENAI,
              KeyPlacement.BEARER),
          standard(
              "vertex",
              "The models of publishers on Vertex AI",
              WireFormat.VERTEX,
              KeyPlacement.BEARER));

  /** Sorted by handle. */
  public static final List<ListedProvider> PROVIDERS =
      Provider.known().stream()
          .map(provider -> new ListedProvider(provider, false, 1, SEEDED_AT, SEEDED_AT))
          .sorted(Comparator.comparing(ListedProvider::handle))
          .toList();

  /** Sorted by handle. */
  public static final List<Definition> DEFINITIONS =
      List.of(
          chat("d7", "anthropic-chat", Provider.ANTHROPIC, "claude-sonnet-4-5", 200_000),
          chat("d9", "cohere-chat", Provider.COHERE, "command-a-03-2025", 256_000),
          definition(
              "d3",
              "cohere-multilingual-v3",
              Provider.COHERE,
              "embed-multilingual-v3.0",
              1024,
              512),
          definition("d4", "cohere-v4", Provider.COHERE, "embed-v4.0", 1536, 128_000),
          chat("d8", "gemini-chat", Provider.GOOGLE, "gemini-2.5-flash", 1_048_576),
          definition(
              "d5", "gemini-embedding-001", Provider.GOOGLE, "gemini-embedding-001", 3072, 2048),
          chat("da", "ollama-chat", Provider.OLLAMA, "llama3.3", 131_072),
          chat("d6", "openai-chat", Provider.OPENAI, "gpt-5", 400_000),
          definition("d1", "openai-large", Provider.OPENAI, "text-embedding-3-large", 3072, 8192),
          definition("d2", "openai-small", Provider.OPENAI, "text-embedding-3-small", 1536, 8192));

  private Seeds() {}

  private static KeyPlacement header(String field) {
    return new KeyPlacement(KeyMethod.CUSTOM_HEADER, field);
  }

  /** Besides what its format lends, the paths of Azure's own SDKs. */
  private static ApiStandard azure() {
    List<Operation> operations = new ArrayList<>(WireFormat.OPENAI.operations());
    Stream.of(
            "POST openai/responses",
            "POST openai/responses/compact",
            "POST openai/responses/input_tokens",
            "GET openai/models",
            "GET openai/models/{id}")
        .map(Operation::new)
        .forEach(operations::add);
    for (String prefix : List.of("openai/", "")) {
      Stream.of(
              "chat/completions",
              "completions",
              "embeddings",
              "images/generations",
              "images/edits",
              "audio/speech",
              "audio/transcriptions",
              "audio/translations")
          .map(path -> new Operation("POST " + prefix + "deployments/{deployment}/" + path))
          .forEach(operations::add);
    }
    Stream.of(
            "POST openai/v1/embeddings",
            "POST openai/v1/chat/completions",
            "POST openai/v1/completions",
            "POST openai/v1/responses",
            "POST openai/v1/responses/compact",
            "POST openai/v1/responses/input_tokens",
            "POST openai/v1/images/generations",
            "POST openai/v1/images/edits",
            "POST openai/v1/audio/speech",
            "POST openai/v1/audio/transcriptions",
            "POST openai/v1/audio/translations",
            "GET openai/v1/models",
            "GET openai/v1/models/{id}",
            "GET openai/v1/realtime",
            "GET openai/realtime",
            "POST models/chat/completions",
            "POST models/embeddings")
        .map(Operation::new)
        .forEach(operations::add);
    return new ApiStandard(
        new Handle("azure-openai"),
        new Description("Azure OpenAI, which wants its API version in the query"),
        WireFormat.OPENAI,
        header("api-key"),
        operations,
        WireFormat.OPENAI.requestHeaders(),
        WireFormat.OPENAI.responseHeaders(),
        List.of("api-version", "beta"),
        1,
        SEEDED_AT,
        SEEDED_AT);
  }

  private static ApiStandard standard(
      String handle, String description, WireFormat format, KeyPlacement placement) {
    return new ApiStandard(
        new Handle(handle),
        new Description(description),
        format,
        placement,
        format.operations(),
        format.requestHeaders(),
        format.responseHeaders(),
        format.queryParameters(),
        1,
        SEEDED_AT,
        SEEDED_AT);
  }

  private static Definition definition(
      String idEnd, String handle, Provider provider, String model, int dimensions, int context) {
    return definition(
        idEnd, handle, provider, model, Optional.of(new Dimensions(dimensions)), context);
  }

  private static Definition chat(
      String idEnd, String handle, Provider provider, String model, int context) {
    return definition(idEnd, handle, provider, model, Optional.empty(), context);
  }

  private static Definition definition(
      String idEnd,
      String handle,
      Provider provider,
      String model,
      Optional<Dimensions> dimensions,
      int context) {
    Endpoint endpoint = provider.defaultEndpoint().orElseThrow();
    return new Definition(
        new Definition.Id(UUID.fromString("01900000-0000-7000-8000-0000000000" + idEnd)),
        User.Id.SYSTEM,
        new Definition.Ref(Handle.SYSTEM, new Handle(handle)),
        new DefinitionFields(
            Description.NONE,
            provider,
            provider.defaultStandard(),
            endpoint,
            new ModelName(model),
            dimensions,
            Optional.of(new ContextLimit(context))),
        false,
        1,
        SEEDED_AT,
        SEEDED_AT,
        Optional.empty());
  }

  /** The references of the seeded definitions, in the order of lists. */
  public static List<String> definitionRefs() {
    return DEFINITIONS.stream().map(each -> each.ref().toString()).sorted().toList();
  }

  /** A seeded API standard. */
  public static ApiStandard standard(String handle) {
    return STANDARDS.stream()
        .filter(seeded -> seeded.handle().value().equals(handle))
        .findFirst()
        .orElseThrow();
  }

  /** The format of a seeded API standard; openai for any other. */
  public static WireFormat format(Handle standard) {
    return STANDARDS.stream()
        .filter(seeded -> seeded.handle().equals(standard))
        .findFirst()
        .map(ApiStandard::format)
        .orElse(WireFormat.OPENAI);
  }
}
