package io.claviger.sdks;

import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolInputSchema;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;

/**
 * AWS's SDK for Java, which reads the token from a property or a variable. Its asynchronous client
 * for Bedrock speaks HTTP/2 unless it is told otherwise, and the gateway HTTP/1.1.
 */
record BedrockJava(URI url, String token, String model) implements JavaClient {
  private static final Tool WEATHER =
      Tool.fromToolSpec(
          tool ->
              tool.name("weather")
                  .inputSchema(
                      ToolInputSchema.fromJson(
                          Document.mapBuilder().putString("type", "object").build())));

  static BedrockJava of(String clavigerUrl, String token, String model) {
    return new BedrockJava(URI.create(clavigerUrl + "/gateway/bedrock"), token, model);
  }

  private BedrockRuntimeClient client() {
    System.setProperty("aws.bearerTokenBedrock", token);
    return BedrockRuntimeClient.builder().endpointOverride(url).region(Region.US_EAST_1).build();
  }

  private static Message asking(String prompt) {
    return said(ConversationRole.USER, ContentBlock.fromText(prompt));
  }

  private static Message said(ConversationRole role, ContentBlock block) {
    return Message.builder().role(role).content(block).build();
  }

  @Override
  public String answer(String prompt) {
    try (BedrockRuntimeClient client = client()) {
      return text(client.converse(asked -> asked.modelId(model).messages(asking(prompt))));
    }
  }

  private static String text(ConverseResponse answer) {
    return answer.output().message().content().stream()
        .map(ContentBlock::text)
        .collect(Collectors.joining());
  }

  @Override
  public List<String> stream(String prompt) {
    List<String> pieces = Collections.synchronizedList(new ArrayList<>());
    System.setProperty("aws.bearerTokenBedrock", token);
    try (BedrockRuntimeAsyncClient client =
        BedrockRuntimeAsyncClient.builder()
            .endpointOverride(url)
            .region(Region.US_EAST_1)
            .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1))
            .build()) {
      client
          .converseStream(
              asked -> asked.modelId(model).messages(asking(prompt)),
              ConverseStreamResponseHandler.builder()
                  .subscriber(
                      ConverseStreamResponseHandler.Visitor.builder()
                          .onContentBlockDelta(event -> pieces.add(event.delta().text()))
                          .build())
                  .build())
          .join();
    }
    return pieces;
  }

  @Override
  public String callTool(String prompt) {
    try (BedrockRuntimeClient client = client()) {
      ConverseResponse called =
          client.converse(
              asked ->
                  asked
                      .modelId(model)
                      .messages(asking(prompt))
                      .toolConfig(tools -> tools.tools(WEATHER)));
      ToolUseBlock call = called.output().message().content().getFirst().toolUse();
      String city = call.input().asMap().get("city").asString();
      ContentBlock told =
          ContentBlock.fromToolResult(
              result ->
                  result
                      .toolUseId(call.toolUseId())
                      .content(ToolResultContentBlock.fromText(JavaClient.weather(city))));
      return text(
          client.converse(
              asked ->
                  asked
                      .modelId(model)
                      .messages(
                          asking(prompt),
                          called.output().message(),
                          said(ConversationRole.USER, told))
                      .toolConfig(tools -> tools.tools(WEATHER))));
    }
  }
}
