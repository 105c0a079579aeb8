package io.claviger.sdks;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpResponseFor;
import com.openai.core.http.StreamResponse;
import com.openai.errors.OpenAIServiceException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import com.openai.models.embeddings.CreateEmbeddingResponse;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import com.openai.models.models.ModelListPage;
import io.claviger.testkit.TlsIdentity;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes calls with the SDK for Java in this process. The results have the form that the files of
 * the Node SDKs print.
 */
final class OpenAiJava {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private OpenAiJava() {}

  /** Makes all calls at the same time. */
  static List<CaseResult> run(List<CaseCall> calls) {
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<CaseResult>> running =
          calls.stream().map(call -> pool.submit(() -> outcome(call))).toList();
      return running.stream().map(OpenAiJava::ended).toList();
    }
  }

  private static CaseResult ended(Future<CaseResult> running) {
    try {
      return running.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static CaseResult outcome(CaseCall call) {
    Map<String, Object> saw = new LinkedHashMap<>();
    Map<String, Object> outcome = new LinkedHashMap<>();
    int answered = 0;
    long began = System.nanoTime();
    OpenAIClient client = client(call);
    try {
      while (answered < call.times()) {
        saw.clear();
        call(client, call, saw);
        answered++;
      }
    } catch (RuntimeException e) {
      outcome.put("raised", raised(e));
    } finally {
      client.close();
    }
    outcome.put("name", call.name().name());
    outcome.put("answered", answered);
    outcome.put("saw", saw);
    outcome.put("millis", Duration.ofNanos(System.nanoTime() - began).toMillis());
    return new CaseResult(JSON.valueToTree(outcome));
  }

  private static OpenAIClient client(CaseCall call) {
    OpenAIOkHttpClient.Builder builder =
        OpenAIOkHttpClient.builder().baseUrl(call.url()).apiKey(call.token());
    if (call.url().startsWith("https:")) {
      trust(builder);
    }
    return (call.retries() ? builder : builder.maxRetries(0)).build();
  }

  /** Makes the SDK trust the certificate that all tests share. */
  private static void trust(OpenAIOkHttpClient.Builder builder) {
    try {
      TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
      trust.init(TlsIdentity.shared().keys());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      builder
          .sslSocketFactory(context.getSocketFactory())
          .trustManager((X509TrustManager) trust.getTrustManagers()[0]);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void call(OpenAIClient client, CaseCall call, Map<String, Object> saw) {
    switch (call.call()) {
      case "embed" -> embed(client, call.model(), saw);
      case "chat" -> chat(client, call.model(), saw);
      case "stream" -> stream(client, call.model(), saw);
      case "models" -> models(client, saw);
      default -> client.files().list();
    }
  }

  private static void embed(OpenAIClient client, String model, Map<String, Object> saw) {
    try (HttpResponseFor<CreateEmbeddingResponse> response =
        client
            .embeddings()
            .withRawResponse()
            .create(EmbeddingCreateParams.builder().model(model).input("Hello").build())) {
      CreateEmbeddingResponse embedded = response.parse();
      saw.putAll(receipt(response.headers()));
      saw.put("dimensions", embedded.data().get(0).embedding().size());
      saw.put("inputTokens", embedded.usage().promptTokens());
      saw.put("outputTokens", 0);
    }
  }

  private static void chat(OpenAIClient client, String model, Map<String, Object> saw) {
    try (HttpResponseFor<ChatCompletion> response =
        client.chat().completions().withRawResponse().create(hello(model).build())) {
      ChatCompletion said = response.parse();
      saw.putAll(receipt(response.headers()));
      saw.put("text", said.choices().get(0).message().content().orElse(""));
      said.usage().ifPresent(usage -> saw.putAll(tokens(usage)));
    }
  }

  private static void stream(OpenAIClient client, String model, Map<String, Object> saw) {
    ChatCompletionCreateParams params =
        hello(model)
            .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
            .build();
    try (HttpResponseFor<StreamResponse<ChatCompletionChunk>> response =
            client.chat().completions().withRawResponse().createStreaming(params);
        StreamResponse<ChatCompletionChunk> chunks = response.parse()) {
      saw.putAll(receipt(response.headers()));
      chunks.stream().forEach(chunk -> saw(chunk, saw));
    }
  }

  private static void saw(ChatCompletionChunk chunk, Map<String, Object> saw) {
    chunk.choices().stream()
        .flatMap(choice -> choice.delta().content().stream())
        .forEach(piece -> saw.merge("text", piece, (before, more) -> before + piece));
    chunk.usage().ifPresent(usage -> saw.putAll(tokens(usage)));
  }

  private static void models(OpenAIClient client, Map<String, Object> saw) {
    try (HttpResponseFor<ModelListPage> response = client.models().withRawResponse().list()) {
      saw.put("models", response.parse().data().stream().map(Model::id).toList());
      saw.putAll(receipt(response.headers()));
    }
  }

  private static ChatCompletionCreateParams.Builder hello(String model) {
    return ChatCompletionCreateParams.builder().model(model).addUserMessage("Hello");
  }

  private static Map<String, Object> tokens(CompletionUsage usage) {
    return Map.of("inputTokens", usage.promptTokens(), "outputTokens", usage.completionTokens());
  }

  private static Map<String, Object> raised(RuntimeException raised) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("type", raised.getClass().getSimpleName());
    told.put("message", String.valueOf(raised.getMessage()));
    if (raised instanceof OpenAIServiceException own) {
      told.put("own", true);
      told.put("status", own.statusCode());
      told.putAll(receipt(own.headers()));
    }
    return told;
  }

  private static Map<String, Object> receipt(Headers headers) {
    Map<String, Object> receipt = new LinkedHashMap<>();
    Map.of(
            "service", "x-claviger-service",
            "keySource", "x-claviger-key-source",
            "requestId", "x-request-id",
            "error", "x-claviger-error",
            "retryAfter", "retry-after")
        .forEach((field, header) -> receipt.put(field, String.join(",", headers.values(header))));
    return receipt;
  }
}
