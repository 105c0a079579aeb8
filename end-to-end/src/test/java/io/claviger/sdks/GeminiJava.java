package io.claviger.sdks;

import com.google.genai.Client;
import com.google.genai.ResponseStream;
import com.google.genai.types.Content;
import com.google.genai.types.FunctionCall;
import com.google.genai.types.FunctionDeclaration;
import com.google.genai.types.GenerateContentConfig;
import com.google.genai.types.GenerateContentResponse;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.Part;
import com.google.genai.types.Schema;
import com.google.genai.types.Tool;
import com.google.genai.types.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Google's SDK for Java. */
record GeminiJava(Client client, String model) implements JavaClient {
  private static final GenerateContentConfig PLAIN = GenerateContentConfig.builder().build();
  private static final Schema CITY =
      Schema.builder()
          .type(Type.Known.OBJECT)
          .properties(Map.of("city", Schema.builder().type(Type.Known.STRING).build()))
          .build();
  private static final GenerateContentConfig WITH_TOOL =
      GenerateContentConfig.builder()
          .tools(
              Tool.builder()
                  .functionDeclarations(
                      FunctionDeclaration.builder().name("weather").parameters(CITY).build())
                  .build())
          .build();

  static GeminiJava of(String clavigerUrl, String token, String model) {
    return new GeminiJava(
        Client.builder()
            .httpOptions(HttpOptions.builder().baseUrl(clavigerUrl + "/gateway/gemini").build())
            .apiKey(token)
            .build(),
        model);
  }

  /** In its mode for Vertex AI, which takes what precedes the first slash for a publisher. */
  static GeminiJava ofVertex(String clavigerUrl, String token, String model) {
    return new GeminiJava(
        Client.builder()
            .vertexAI(true)
            .apiKey(token)
            .httpOptions(HttpOptions.builder().baseUrl(clavigerUrl + "/gateway/vertex").build())
            .build(),
        model.contains("/") ? "publishers/google/models/" + model : model);
  }

  @Override
  public String answer(String prompt) {
    return client.models.generateContent(model, prompt, PLAIN).text();
  }

  @Override
  public List<String> stream(String prompt) {
    List<String> pieces = new ArrayList<>();
    try (ResponseStream<GenerateContentResponse> stream =
        client.models.generateContentStream(model, prompt, PLAIN)) {
      stream.forEach(part -> pieces.add(part.text()));
    }
    return pieces;
  }

  @Override
  public String callTool(String prompt) {
    Content asked = Content.builder().role("user").parts(Part.fromText(prompt)).build();
    GenerateContentResponse called =
        client.models.generateContent(model, List.of(asked), WITH_TOOL);
    FunctionCall call = called.functionCalls().get(0);
    String city = (String) call.args().orElseThrow().get("city");
    Map<String, Object> told = Map.of("content", JavaClient.weather(city));
    Content answered =
        Content.builder().role("user").parts(Part.fromFunctionResponse("weather", told)).build();
    List<Content> all =
        List.of(asked, called.candidates().orElseThrow().get(0).content().orElseThrow(), answered);
    return client.models.generateContent(model, all, WITH_TOOL).text();
  }
}
