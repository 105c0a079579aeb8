package io.claviger.console.gateway;

import io.claviger.domain.standards.WireFormat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What to paste into clients, by the format that a service speaks. {@code
 * docs/connecting-programs.md} says the same with the addresses that name no service. The token is
 * never part of it: all read it from the environment variable {@code GATEWAY_TOKEN}.
 *
 * @param url the service's address at the gateway
 * @param model its name at the provider
 * @param embeds whether it makes embeddings
 */
record Snippets(String url, String model, boolean embeds) {
  private static final Pattern PLACE = Pattern.compile("<url>|<model>|<prefixed model>");

  List<Snippet> of(WireFormat format) {
    return switch (format) {
      case OPENAI -> embeds ? openAiEmbeddings() : openAi();
      case ANTHROPIC -> anthropic();
      case GEMINI -> embeds ? geminiEmbeddings() : gemini();
      case COHERE -> embeds ? cohereEmbeddings() : cohere();
      case OLLAMA -> ollama();
    };
  }

  private List<Snippet> openAi() {
    return List.of(
        curl(
            "/chat/completions",
            "{\"model\": <model>, \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}"),
        openAiPython(
            """
            print(client.chat.completions.create(
                model=<model>, messages=[{"role": "user", "content": "Hello"}],
            ).choices[0].message.content)\
            """),
        openAiNode(
            """
            const answer = await client.chat.completions.create({
              model: <model>, messages: [{ role: 'user', content: 'Hello' }],
            });
            console.log(answer.choices[0].message.content);\
            """),
        code(
            "codex",
            "Codex",
            "~/.codex/config.toml",
            """
            model = <model>
            model_provider = "claviger"

            [model_providers.claviger]
            name = "Claviger"
            base_url = "<url>"
            env_key = "GATEWAY_TOKEN"
            wire_api = "responses\"\
            """),
        code(
            "opencode",
            "opencode",
            "~/.config/opencode/opencode.json",
            """
            {
              "model": <prefixed model>,
              "provider": {
                "claviger": {
                  "npm": "@ai-sdk/openai-compatible",
                  "options": {"baseURL": "<url>", "apiKey": "{env:GATEWAY_TOKEN}"},
                  "models": {<model>: {}}
                }
              }
            }\
            """),
        java("OpenAiChatModel", ""));
  }

  private List<Snippet> openAiEmbeddings() {
    return List.of(
        curl("/embeddings", "{\"model\": <model>, \"input\": \"Hello\"}"),
        openAiPython(
            "print(client.embeddings.create(model=<model>, input=\"Hello\").data[0].embedding)"),
        openAiNode(
            """
            const answer = await client.embeddings.create({ model: <model>, input: 'Hello' });
            console.log(answer.data[0].embedding);\
            """),
        java("OpenAiEmbeddingModel", ""));
  }

  private Snippet openAiPython(String use) {
    return code(
        "python",
        "openai-python",
        "",
        """
        import os
        from openai import OpenAI

        client = OpenAI(base_url="<url>", api_key=os.environ["GATEWAY_TOKEN"])
        """
            + use);
  }

  private Snippet openAiNode(String use) {
    return code(
        "node",
        "openai-node",
        "",
        """
        import OpenAI from 'openai';

        const client = new OpenAI({ baseURL: '<url>', apiKey: process.env.GATEWAY_TOKEN });
        """
            + use);
  }

  private List<Snippet> anthropic() {
    return List.of(
        curl(
            "/v1/messages",
            "{\"model\": <model>, \"max_tokens\": 100, \"messages\": [{\"role\": \"user\","
                + " \"content\": \"Hello\"}]}",
            " \\\n  -H 'anthropic-version: 2023-06-01'"),
        code(
            "python",
            "Anthropic (Python)",
            "",
            """
            import os
            from anthropic import Anthropic

            client = Anthropic(base_url="<url>", api_key=os.environ["GATEWAY_TOKEN"])
            print(client.messages.create(
                model=<model>, max_tokens=100, messages=[{"role": "user", "content": "Hello"}],
            ).content[0].text)\
            """),
        shell(
            "claude-code",
            "Claude Code",
            """
            unset ANTHROPIC_API_KEY
            export ANTHROPIC_BASE_URL=<url>
            export ANTHROPIC_AUTH_TOKEN=$GATEWAY_TOKEN
            export ANTHROPIC_MODEL=<model>\
            """),
        java("AnthropicChatModel", "/v1"));
  }

  private List<Snippet> gemini() {
    return List.of(
        curl(
            "/v1beta/models/" + segment() + ":generateContent",
            "{\"contents\": [{\"parts\": [{\"text\": \"Hello\"}]}]}"),
        geminiPython(
            "print(client.models.generate_content(model=<model>, contents=\"Hello\").text)"),
        shell(
            "gemini-cli",
            "Gemini CLI",
            """
            export GOOGLE_GEMINI_BASE_URL=<url>
            export GEMINI_API_KEY=$GATEWAY_TOKEN
            export GEMINI_MODEL=<model>\
            """),
        code(
            "gemini-cli-settings",
            "Gemini CLI, besides",
            "~/.gemini/settings.json",
            "{\"security\": {\"auth\": {\"selectedType\": \"gemini-api-key\"}}}"),
        java("GoogleAiGeminiChatModel", "/v1beta"));
  }

  private List<Snippet> geminiEmbeddings() {
    return List.of(
        curl(
            "/v1beta/models/" + segment() + ":embedContent",
            "{\"content\": {\"parts\": [{\"text\": \"Hello\"}]}}"),
        geminiPython(
            "print(client.models.embed_content(model=<model>, contents=\"Hello\").embeddings)"));
  }

  private Snippet geminiPython(String use) {
    return code(
        "python",
        "Gemini (google-genai)",
        "",
        """
        import os
        from google import genai

        client = genai.Client(
            api_key=os.environ["GATEWAY_TOKEN"], http_options={"base_url": "<url>"})
        """
            + use);
  }

  private List<Snippet> cohere() {
    return List.of(
        curl(
            "/v2/chat",
            "{\"model\": <model>, \"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}"),
        coherePython(
            """
            print(client.chat(
                model=<model>, messages=[{"role": "user", "content": "Hello"}],
            ).message.content[0].text)\
            """));
  }

  private List<Snippet> cohereEmbeddings() {
    return List.of(
        curl(
            "/v2/embed",
            "{\"model\": <model>, \"texts\": [\"Hello\"], \"input_type\": \"search_query\","
                + " \"embedding_types\": [\"float\"]}"),
        coherePython(
            """
            print(client.embed(
                model=<model>, texts=["Hello"], input_type="search_query", embedding_types=["float"],
            ).embeddings)\
            """));
  }

  private Snippet coherePython(String use) {
    return code(
        "python",
        "Cohere (Python)",
        "",
        """
        import os
        import cohere

        client = cohere.ClientV2(base_url="<url>", api_key=os.environ["GATEWAY_TOKEN"])
        """
            + use);
  }

  private List<Snippet> ollama() {
    return List.of(
        embeds
            ? curl("/api/embed", "{\"model\": <model>, \"input\": \"Hello\"}")
            : curl(
                "/api/chat",
                "{\"model\": <model>, \"stream\": false, \"messages\": [{\"role\": \"user\","
                    + " \"content\": \"Hello\"}]}"));
  }

  private String segment() {
    return URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Snippet java(String type, String version) {
    return code(
        "langchain4j",
        "LangChain4j",
        "",
        type
            + ".builder().baseUrl(\"<url>"
            + version
            + "\").apiKey(System.getenv(\"GATEWAY_TOKEN\")).modelName(<model>).build()");
  }

  private Snippet curl(String path, String json) {
    return curl(path, json, "");
  }

  private Snippet curl(String path, String json, String headers) {
    return new Snippet(
        "curl",
        "curl",
        "",
        "curl "
            + Quoted.shell(url + path)
            + " \\\n  -H \"Authorization: Bearer $GATEWAY_TOKEN\""
            + headers
            + " \\\n  -H 'Content-Type: application/json' \\\n  -d "
            + Quoted.shell(filled(json, url, Quoted::code)));
  }

  /** Fills in a program or a file, in one pass: the model's name may be any text. */
  private Snippet code(String id, String client, String file, String template) {
    return new Snippet(id, client, file, filled(template, url, Quoted::code));
  }

  private Snippet shell(String id, String client, String template) {
    return new Snippet(id, client, "", filled(template, Quoted.shell(url), Quoted::shell));
  }

  private String filled(String template, String address, UnaryOperator<String> quoted) {
    return PLACE
        .matcher(template)
        .replaceAll(
            place ->
                Matcher.quoteReplacement(
                    switch (place.group()) {
                      case "<url>" -> address;
                      case "<model>" -> quoted.apply(model);
                      default -> quoted.apply("claviger/" + model);
                    }));
  }
}
