package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.UsageModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bodies of each operation, as its clients write them, and each of them with something that costs
 * more than its bytes at each place.
 */
class RequestContentTest {
  /** A place at which a body can hold an object: as an element, or as a member. */
  private static final String ELEMENT = "§E§";

  private static final String MEMBER = "§M§";

  /** The bodies of one operation. */
  private enum Requests {
    CHAT(
        WireFormat.OPENAI,
        "chat/completions",
        """
        {§M§"model":"m","max_completion_tokens":9,"reasoning_effort":"low","user":"u","stop":["x"],
         "response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object",
           "properties":{"file_id":{"type":"string"},"model":{"type":"string","maxLength":4}}}}},
         "metadata":{"id":"x","url":"https://x","model":"y"},"stream":true,"seed":3,
         "stream_options":{"include_usage":true},"parallel_tool_calls":true,"logprobs":true,
         "messages":[§E§{§M§"role":"system","content":"file_id https://x/a.png"},
           {"role":"user","name":"n","content":[§E§{§M§"type":"text","text":"t",
             "prompt_cache_breakpoint":{"mode":"explicit","ttl":"12h"}}]},
           {"role":"assistant","content":null,"refusal":"no","tool_calls":[§E§{§M§"id":"call_1",
             "type":"function","function":{§M§"name":"f","arguments":"{\\"url\\":\\"x\\"}"}}]},
           {"role":"tool","tool_call_id":"call_1","content":"r"}],
         "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object",
           "properties":{"image_url":{"type":"string"},"id":{"type":"string"}}}}}]}
        """),
    RESPONSES(
        WireFormat.OPENAI,
        "responses",
        """
        {§M§"model":"m","max_output_tokens":9,"store":false,"include":["reasoning.encrypted_content"],
         "instructions":"be brief","text":{"format":{"type":"json_schema","schema":{"id":"x"}}},
         "reasoning":{"effort":"low","summary":"auto"},"prompt_cache_key":"k","tool_choice":"auto",
         "client_metadata":{"root_turn_id":"t","x-codex-turn-metadata":"{'model':'m'}"},
         "input":[§E§{§M§"type":"message","role":"user","content":[§E§{§M§"type":"input_text","text":"t"}]},
           {"role":"user","content":"t"},
           {"type":"configuration_update","id":"cu_1","reasoning":{"effort":"low"}},
           {"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[§E§
             {"type":"output_text","text":"t","annotations":[{"type":"url_citation","url":"u"}],
              "logprobs":[]}]},
           {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"t"}],
            "encrypted_content":"AAAA"},
           {"type":"function_call","id":"fc_1","call_id":"c","name":"f","arguments":"{}",
            "status":"completed","async":true,"caller":{"type":"program","caller_id":"p"}},
           {"type":"function_call_output","call_id":"c","output":"o"},
           {"type":"function_call_output","call_id":"c","output":[§E§{"type":"input_text","text":"o"}]},
           {"type":"custom_tool_call","id":"ct_1","call_id":"d","name":"apply","input":"x"},
           {"type":"custom_tool_call_output","call_id":"d","output":"o"},
           {"type":"local_shell_call","id":"l_1","call_id":"e","status":"completed",
            "action":{"type":"exec","command":["ls"],"env":{"A":"b"}}}],
         "tools":[{"type":"function","name":"f","parameters":{},"strict":true,"async":true,
           "output_schema":{"type":"object","properties":{"id":{"type":"string"}}}}]}
        """),
    COMPLETIONS(
        WireFormat.OPENAI,
        "completions",
        """
        {§M§"model":"m","max_tokens":9,"prompt":["a",§E§"b",[1,2]],"suffix":"s","echo":true,"n":1}
        """),
    AZURE(
        WireFormat.OPENAI,
        "openai/deployments/d/chat/completions",
        """
        {§M§"messages":[§E§{"role":"user","content":[§E§{§M§"type":"text","text":"t"}]}],"max_tokens":9}
        """),
    EMBEDDINGS(
        WireFormat.OPENAI,
        "embeddings",
        """
        {§M§"model":"m","input":["a",§E§"b"],"encoding_format":"base64","dimensions":3,"user":"u"}
        """),
    RERANK(
        WireFormat.OPENAI,
        "rerank",
        """
        {§M§"model":"m","query":"q","documents":["a",§E§{§M§"text":"b"}],"top_n":1,
         "return_documents":true}
        """),
    IMAGES(
        WireFormat.OPENAI,
        "images/generations",
        """
        {§M§"model":"m","prompt":"a cat","n":1,"size":"1024x1024","quality":"high",
         "background":"transparent","output_format":"png","moderation":"low"}
        """),
    SPEECH(
        WireFormat.OPENAI,
        "audio/speech",
        """
        {§M§"model":"m","input":"Hello","voice":"alloy","response_format":"mp3","speed":1.0,
         "instructions":"cheerful"}
        """),
    MESSAGES(
        WireFormat.ANTHROPIC,
        "v1/messages",
        """
        {§M§"model":"m","max_tokens":9,"stream":true,"metadata":{"user_id":"u"},"stop_sequences":["x"],
         "system":[§E§{§M§"type":"text","text":"t","cache_control":{"type":"ephemeral","ttl":"1h"}}],
         "thinking":{"type":"enabled","budget_tokens":5},"tool_choice":{"type":"auto"},
         "context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"}]},
         "output_config":{"effort":"high"},
         "tools":[{"name":"f","input_schema":{"type":"object","properties":{"url":{}}}}],
         "diagnostics":{"previous_message_id":"msg_1"},"thread":{"type":"create"},
         "billing_policy":{"type":"billing_policy","bill_to":"self"},
         "messages":[§E§{§M§"role":"user","content":"t"},
           {"role":"system","content":"t","clear_at":"never","output_config":{"effort":"low"}},
           {"role":"assistant","content":[§E§{§M§"type":"thinking","thinking":"h","signature":"AA"},
             {"type":"redacted_thinking","data":"AA"},
             {"type":"text","text":"t","citations":[{"type":"char_location","file_id":null}]},
             {"type":"tool_use","id":"toolu_1","name":"f","toolset_name":"s","input":{"url":"https://x","id":7}}]},
           {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","is_error":false,"toolset_name":"s",
             "content":[§E§{"type":"text","text":"r"}]},
             {"type":"document","title":"d","context":"c","citations":{"enabled":true},
              "source":{§M§"type":"text","media_type":"text/plain","data":"t"}},
             {"type":"search_result","source":"https://x","title":"s",
              "content":[§E§{"type":"text","text":"t"}]}]}]}
        """),
    CONVERSE(
        WireFormat.BEDROCK,
        "model/m/converse",
        """
        {§M§"inferenceConfig":{"maxTokens":9,"stopSequences":["x"]},"requestMetadata":{"url":"x"},
         "system":[§E§{§M§"text":"t"},{"cachePoint":{"type":"default","ttl":"1h"}}],
         "toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"properties":
           {"url":{}}}}}},{"cachePoint":{"type":"default"}}],"toolChoice":{"auto":{}}},
         "serviceTier":{"type":"default"},"performanceConfig":{"latency":"standard"},
         "additionalModelRequestFields":{"thinking":{"type":"enabled","budget_tokens":5},"top_k":5},
         "messages":[§E§{§M§"role":"user","content":[§E§{§M§"text":"t"}]},
           {"role":"assistant","content":[{"reasoningContent":{§M§"reasoningText":{"text":"h",
             "signature":"AA"}}},{"toolUse":{§M§"toolUseId":"t","name":"f",
             "input":{"url":"https://x","id":7}}}]},
           {"role":"user","content":[{"toolResult":{§M§"toolUseId":"t","status":"success",
             "content":[§E§{"text":"r"},{"json":{"url":"https://x"}}]}}]}]}
        """),
    GENERATE(
        WireFormat.GEMINI,
        "v1beta/models/m:generateContent",
        """
        {§M§"systemInstruction":{"parts":[§E§{§M§"text":"t"}]},"safetySettings":[{"category":"c",
           "threshold":"t"}],"labels":{"id":"x"},
         "generationConfig":{"maxOutputTokens":9,"responseMimeType":"application/json",
           "thinkingConfig":{"includeThoughts":true},"responseSchema":{"properties":{"url":{}}}},
         "tools":[{"functionDeclarations":[{"name":"f"}]}],
         "toolConfig":{"functionCallingConfig":{"mode":"AUTO"}},
         "contents":[§E§{§M§"role":"user","parts":[§E§{§M§"text":"t"}]},
           {"role":"model","parts":[{"functionCall":{§M§"id":"i","name":"f","args":{"fileUri":"x"}},
             "thoughtSignature":"AA"},{"text":"t","thought":true}]},
           {"role":"user","parts":[{"functionResponse":{"id":"i","name":"f",
             "response":{"url":"https://x","id":"y"}}},
             {"executableCode":{"language":"PYTHON","code":"1"}},
             {"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}}]}]}
        """),
    EMBED_CONTENT(
        WireFormat.GEMINI,
        "v1beta/models/m:batchEmbedContents",
        """
        {"requests":[{§M§"model":"models/m","taskType":"RETRIEVAL_QUERY","content":{"parts":[§E§
          {§M§"text":"t"}]}}]}
        """),
    COHERE_1(
        WireFormat.COHERE,
        "v1/chat",
        """
        {§M§"model":"m","max_tokens":9,"message":"t","preamble":"p","temperature":0.1,
         "chat_history":[§E§{§M§"role":"USER","message":"t"},{"role":"CHATBOT","message":"t",
           "tool_calls":[{"name":"f","parameters":{"url":"x"}}]}],
         "documents":[{"id":"d","url":"https://x","text":"t"}],
         "tool_results":[{"call":{"name":"f","parameters":{}},"outputs":[{"url":"u"}]}],
         "tools":[{"name":"f","description":"d","parameter_definitions":{"url":{"type":"str"}}}]}
        """),
    COHERE_2(
        WireFormat.COHERE,
        "v2/chat",
        """
        {§M§"model":"m","max_tokens":9,"citation_options":{"mode":"FAST"},
         "documents":["d",{"id":"i","data":{"url":"https://x"}}],
         "messages":[§E§{§M§"role":"user","content":[§E§{§M§"type":"text","text":"t"}]},
           {"role":"assistant","tool_plan":"p","tool_calls":[{"id":"c","type":"function",
             "function":{"name":"f","arguments":"{}"}}]},
           {"role":"tool","tool_call_id":"c","content":[{"type":"document",
             "document":{"id":"i","data":"d"}}]}],
         "tools":[{"type":"function","function":{"name":"f","parameters":{"id":"x"}}}]}
        """),
    COHERE_EMBED(
        WireFormat.COHERE,
        "v2/embed",
        """
        {§M§"model":"m","input_type":"search_query","embedding_types":["float"],"texts":["a"],
         "inputs":[§E§{§M§"content":[§E§{§M§"type":"text","text":"t"}]}]}
        """),
    COHERE_RERANK(
        WireFormat.COHERE,
        "v2/rerank",
        """
        {§M§"model":"m","query":"q","documents":["a","b"],"top_n":1,"max_tokens_per_doc":99}
        """),
    OLLAMA_CHAT(
        WireFormat.OLLAMA,
        "api/chat",
        """
        {§M§"model":"m","options":{"num_predict":9,"temperature":0.1},"think":true,"keep_alive":"5m",
         "format":{"type":"object","properties":{"images":{}}},
         "messages":[§E§{§M§"role":"user","content":"t"},{"role":"assistant","thinking":"h",
           "content":"","tool_calls":[§E§{§M§"function":{"name":"f","arguments":{"images":["x"]}}}]},
           {"role":"tool","tool_name":"f","content":"r"}],
         "tools":[{"type":"function","function":{"name":"f"}}]}
        """),
    OLLAMA_GENERATE(
        WireFormat.OLLAMA,
        "api/generate",
        """
        {§M§"model":"m","prompt":"t","system":"s","context":[1,2,3],"options":{"num_predict":9}}
        """);

    private final WireFormat format;
    private final String path;
    private final String body;

    Requests(WireFormat format, String path, String body) {
      this.format = format;
      this.path = path;
      this.body = body;
    }

    private Optional<RequestedUse> read(String json) {
      JsonUseScan scan =
          new JsonUseScan(
              format.api(),
              path,
              OperationKind.of("POST", path),
              format.api().modelInPath(path),
              true);
      byte[] bytes = json.getBytes(UTF_8);
      CallReading reading = CallReading.of(scan);
      reading.read(bytes, 0, bytes.length / 3);
      reading.read(bytes, bytes.length / 3, bytes.length);
      reading.end();
      return scan.use(bytes.length).at(Provider.OPENAI.caps(), true);
    }
  }

  /** Objects that make a provider read what is not in the body, or more than its bytes. */
  private static final List<String> OBJECTS =
      List.of(
          "{'id':'msg_1'}",
          "{'Id':'msg_1'}",
          "{'\\u0069d':'msg_1'}",
          "{'id':7,'type':'text'}",
          "{'type':'item_reference','id':'msg_1'}",
          "{'type':'text','type':'image','text':'x'}",
          "{'type':'image','type':'text','text':'x'}",
          "{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}}",
          "{'type':'image_url','image_url':'https://x/1.png'}",
          "{'image_url':{'url':'https://x/1.png'}}",
          "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'AA'}}",
          "{'type':'image','source':{'type':'url','url':'https://x'}}",
          "{'type':'document','source':{'type':'base64','media_type':'application/pdf','data':'A'}}",
          "{'type':'document','source':{'media_type':'application/pdf','data':'A'}}",
          "{'type':'document','source':{'type':'url','url':'https://x/1.pdf'}}",
          "{'type':'document','source':{'type':'file','file_id':'file_1'}}",
          "{'type':'document_url','document_url':'https://x/1.pdf'}",
          "{'document_url':'https://x/1.pdf'}",
          "{'type':'file','file':{'file_id':'file-1'}}",
          "{'type':'file','file':{'filename':'a.pdf','file_data':'data:application/pdf;base64,A'}}",
          "{'type':'input_file','file_url':'https://x/1.pdf'}",
          "{'type':'input_image','image_url':'https://x/1.png'}",
          "{'type':'input_audio','input_audio':{'data':'AA','format':'wav'}}",
          "{'type':'video_url','video_url':{'url':'https://x'}}",
          "{'video':'https://x'}",
          "{'audio':{'id':'audio_1'}}",
          "{'type':'container_upload','file_id':'file_1'}",
          "{'type':'tool_reference','tool_name':'f'}",
          "{'type':'web_search_call','id':'ws_1','status':'completed'}",
          "{'type':'file_search_call','id':'fs_1','queries':['q']}",
          "{'type':'computer_call_output','output':{'type':'computer_screenshot','file_id':'f'}}",
          "{'type':'reasoning','id':'rs_1','summary':[]}",
          "{'inlineData':{'mimeType':'image/png','data':'AA'}}",
          "{'inline_data':{'mime_type':'video/mp4','data':'AA'}}",
          "{'fileData':{'fileUri':'https://www.youtube.com/watch?v=1'}}",
          "{'file_data':{'file_uri':'files/1'}}",
          "{'images':['AA']}",
          "{'unheard_of':'x'}",
          "{'unheard_of':{}}",
          "{'unheard_of':[[]]}",
          "{'type':'unheard_of','text':'x'}");

  /** Members that do so wherever an object has them. */
  private static final List<String> MEMBERS =
      List.of(
          "'previous_response_id':'resp_1'",
          "'conversation':{'id':'conv_1'}",
          "'conversation_id':'c'",
          "'cachedContent':'cachedContents/1'",
          "'cached_content':'cachedContents/1'",
          "'container':'container_1'",
          "'container':{'skills':[]}",
          "'file_id':'file-1'",
          "'File_Ids':['file-1']",
          "'document_url':'https://x'",
          "'image_\\u0075rl':'https://x'",
          "'vector_store_ids':['vs_1']",
          "'video':{'url':'x'}",
          "'images':['AA']",
          "'preset':'p'",
          "'thread':{'type':'continue','previous_message_id':'msg_1'}",
          "'thread':'msg_1'",
          "'thread':[{'type':'continue','previous_message_id':'msg_1'}]",
          "'thread':{'type':'continue','from':{'previous_message_id':'msg_1'}}",
          "'unheard_of':'x'",
          "'unheard_of':true",
          "'unheard_of':{'a':null}",
          "'" + "x".repeat(300) + "':'y'");

  @ParameterizedTest
  @EnumSource
  void what_clients_send_as_text_holds_all_that_is_read(Requests requests) {
    RequestedUse use =
        requests.read(requests.body.replace(ELEMENT, "").replace(MEMBER, "")).orElseThrow();

    assertThat(use.refersElsewhere()).isFalse();
    assertThat(use.unboundedTools()).isFalse();
    assertThat(use.others()).isEmpty();
    if (use.kind() == OperationKind.TEXT) {
      assertThat(use.statedOutput()).hasValue(9);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatever_may_cost_more_than_its_bytes_is_found_at_each_place(Requests requests) {
    for (String object : OBJECTS) {
      insertedAt(requests.body, ELEMENT, object + ",")
          .forEach(body -> notBoundedByBytes(requests, body));
    }
    for (String member : MEMBERS) {
      insertedAt(requests.body, MEMBER, member + ",")
          .forEach(body -> notBoundedByBytes(requests, body));
    }
  }

  @ParameterizedTest
  @EnumSource
  void numbers_and_nothing_lead_nowhere(Requests requests) {
    for (String member : List.of("'unheard_of':7,", "'file_id':null,", "'images':[],")) {
      insertedAt(requests.body, MEMBER, member)
          .forEach(
              body -> assertThat(requests.read(body).orElseThrow().refersElsewhere()).isFalse());
    }
  }

  @Test
  void only_operations_on_media_have_forms() {
    String form = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--b--\r\n";
    for (OperationKind kind : OperationKind.values()) {
      FormUseScan scan = new FormUseScan(kind, Optional.empty(), "b");
      read(scan, form);

      boolean media = kind == OperationKind.MEDIA || kind == OperationKind.IMAGES;
      assertThat(scan.use(form.length()).at(ObeyedCaps.LEAST, true).isPresent())
          .isEqualTo(media || kind == OperationKind.NOTHING);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"model", "Model", "model[]", "_model", "models", "fallback_model", "n[]"})
  void a_form_that_names_its_model_twice_or_another_one_is_not_readable(String name) {
    String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n";
    String form = part.formatted("model", "m") + part.formatted(name, "2") + "--b--\r\n";
    FormUseScan scan = new FormUseScan(OperationKind.MEDIA, Optional.empty(), "b");
    read(scan, form);

    assertThat(scan.use(form.length()).at(ObeyedCaps.LEAST, true)).isEmpty();
  }

  /** OpenAI's edits of images: another model writes the picture. */
  @ParameterizedTest
  @CsvSource({
    "svg[model], w",
    "svg[reasoning][effort], ''",
    "svg.model, unreadable",
    "svg[Model], unreadable",
    "svg[model][], unreadable",
    "svg[models], unreadable"
  })
  void a_further_model_of_a_form_counts(String name, String others) {
    String part = "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n";
    String form = part.formatted("model", "m") + part.formatted(name, "w") + "--b--\r\n";
    FormUseScan scan = new FormUseScan(OperationKind.IMAGES, Optional.empty(), "b");
    read(scan, form);

    assertThat(
            scan.use(form.length())
                .at(ObeyedCaps.LEAST, true)
                .map(
                    use ->
                        use.others().stream().map(UsageModel::name).collect(Collectors.joining()))
                .orElse("unreadable"))
        .isEqualTo(others);
  }

  private static void read(FormUseScan scan, String form) {
    CallReading reading = CallReading.of(scan);
    reading.read(form.getBytes(UTF_8), 0, form.length());
    reading.end();
  }

  @Test
  void a_body_that_is_said_to_be_a_form_is_not_read_as_json() {
    JsonUseScan scan =
        new JsonUseScan(
            WireFormat.OPENAI.api(), "embeddings", OperationKind.INPUT, Optional.empty(), false);
    CallReading reading = CallReading.of(scan);
    reading.read("{}".getBytes(UTF_8), 0, 2);
    reading.end();

    assertThat(scan.use(2).at(ObeyedCaps.LEAST, false)).isEmpty();
  }

  private static void notBoundedByBytes(Requests requests, String body) {
    boolean found =
        requests.read(body).map(use -> use.refersElsewhere() || use.unboundedTools()).orElse(true);
    assertThat(found).as(body).isTrue();
  }

  /** The body with a text at each of its places, one at a time. */
  private static List<String> insertedAt(String body, String place, String inserted) {
    List<String> all = new ArrayList<>();
    for (int at = body.indexOf(place); at >= 0; at = body.indexOf(place, at + 1)) {
      all.add(
          (body.substring(0, at) + inserted.replace('\'', '"') + body.substring(at))
              .replace(ELEMENT, "")
              .replace(MEMBER, ""));
    }
    return all;
  }
}
