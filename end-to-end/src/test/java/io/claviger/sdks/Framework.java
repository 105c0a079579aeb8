package io.claviger.sdks;

import java.util.List;
import java.util.Locale;

/** A framework with one of its chat models, or an SDK for Java that speaks one API. */
enum Framework {
  AI_SDK_OPENAI("openai", node("ai-sdk.js", "openai")),
  AI_SDK_ANTHROPIC("anthropic", node("ai-sdk.js", "anthropic")),
  AI_SDK_GEMINI("gemini", node("ai-sdk.js", "gemini")),
  AI_SDK_COHERE("cohere", node("ai-sdk.js", "cohere")),
  LANGCHAIN_OPENAI("openai", node("langchain.js", "openai")),
  LANGCHAIN_ANTHROPIC("anthropic", node("langchain.js", "anthropic")),
  LANGCHAIN_GEMINI("gemini", node("langchain.js", "gemini")),
  LANGCHAIN4J_OPENAI("openai", java(LangChain4j::openAi)),
  LANGCHAIN4J_ANTHROPIC("anthropic", java(LangChain4j::anthropic)),
  LANGCHAIN4J_GEMINI("gemini", java(LangChain4j::gemini)),
  SPRING_AI("openai", java(SpringAi::openAi)),
  ANTHROPIC_JAVA("anthropic", java(AnthropicJava::of)),
  GEMINI_JAVA("gemini", java(GeminiJava::of)),
  ANTHROPIC_BEDROCK_NODE("bedrock", node("bedrock.js", "anthropic")),
  BEDROCK_NODE("bedrock", node("bedrock.js", "aws")),
  BEDROCK_JAVA("bedrock", java(BedrockJava::of)),
  BOTO3("bedrock", python("bedrock.py")),
  BOTO3_INVOKE("bedrock", python("bedrock.py", "invoke")),
  ANTHROPIC_VERTEX_NODE("vertex", node("vertex.js", "anthropic")),
  GOOGLE_VERTEX_NODE("vertex", node("vertex.js", "google")),
  GOOGLE_VERTEX_JAVA("vertex", java(GeminiJava::ofVertex));

  /** Makes calls with a framework, and returns the result of each call. */
  interface Program {
    List<CaseResult> run(List<FrameworkCall> calls) throws Exception;
  }

  private final String standard;
  private final Program program;

  Framework(String standard, Program program) {
    this.standard = standard;
    this.program = program;
  }

  private static Program node(String... scriptAndFormat) {
    return calls -> NodeSdks.installed().run(List.of(scriptAndFormat), calls);
  }

  private static Program python(String... scriptAndArguments) {
    return calls -> PythonPackages.run(List.of(scriptAndArguments), calls);
  }

  private static Program java(JavaClientRun.Factory client) {
    return calls -> JavaClientRun.of(client, calls);
  }

  /** The API standard of the services that the framework can call. */
  String standard() {
    return standard;
  }

  /** Returns the framework's name as a part of handles. */
  String handle() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  List<CaseResult> run(List<FrameworkCall> calls) throws Exception {
    return program.run(calls);
  }
}
