package io.claviger.gateway.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.formats.ObeyedCaps;
import io.claviger.domain.formats.ProviderApi;
import io.claviger.domain.spending.CallUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnstatedUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeePiece;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import io.claviger.domain.usage.TokenParts;
import io.claviger.domain.usage.UsageModel;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The tiers and fees that answers state, and what only looks like a statement of them. */
class StatedFeesTest {
  /** Name, path, tier and fees; then the answer. A name begins with its format. */
  private static final String CASES =
      """
      openai chat | chat/completions | flex |
      {"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":1,"completion_tokens":1},"service_tier":"flex"}
      openai chat stream | chat/completions | priority |
      data: {"choices":[{"delta":{"content":"x"}}],"service_tier":"auto"}

      data: {"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1},"service_tier":"priority"}

      data: [DONE]
      openai standard | chat/completions | standard |
      {"service_tier":"default"}
      openai no tier | chat/completions | |
      {"service_tier":null,"model":"m"}
      openai undecided | chat/completions | |
      {"service_tier":"auto"}
      openai groq | openai/v1/chat/completions | standard |
      {"service_tier":"on_demand"}
      openai groq's dearest | chat/completions | performance |
      {"service_tier":"performance"}
      openai searching model | chat/completions | | web_search=1
      {"model":"gpt-4o-search-preview-2025-03-11","choices":[{"message":{"annotations":[{"type":"url_citation"}]}}]}
      openai response | responses | default | web_search=2 file_search=1 code_interpreter=2 computer_use=1 image:high/1024x1536=1
      {"id":"resp_1","object":"response","status":"completed","model":"gpt-5","output":[\
      {"id":"rs_1","type":"reasoning","summary":[]},\
      {"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}},\
      {"id":"ws_2","type":"web_search_call","status":"completed","action":{"type":"open_page","url":"u"}},\
      {"id":"ws_3","type":"web_search_call","status":"completed","action":{"type":"find_in_page","url":"u"}},\
      {"id":"ws_4","type":"web_search_call","status":"completed"},\
      {"id":"ws_5","type":"web_search_call","status":"failed","action":{"type":"search","query":"q"}},\
      {"id":"fs_1","type":"file_search_call","status":"completed","queries":["q"],"results":null},\
      {"id":"ci_1","type":"code_interpreter_call","status":"completed","container_id":"cntr_1"},\
      {"id":"ci_2","type":"code_interpreter_call","status":"completed","container_id":"cntr_1"},\
      {"id":"sh_1","type":"shell_call","status":"completed","environment":{"type":"container_reference","container_id":"cntr_2"}},\
      {"id":"sh_2","type":"shell_call","status":"completed","environment":{"type":"local"}},\
      {"id":"cu_1","type":"computer_call","status":"completed","action":{"type":"click","x":1,"y":2}},\
      {"id":"ig_1","type":"image_generation_call","status":"completed","size":"1024x1536","quality":"high","result":"AA"},\
      {"id":"msg_1","type":"message","status":"completed","content":[{"type":"output_text","text":"x"}]}],\
      "usage":{"input_tokens":1,"output_tokens":1},"service_tier":"default"}
      openai response stream | responses | flex | web_search=1 code_interpreter=1
      event: response.created
      data: {"type":"response.created","response":{"service_tier":"auto","output":[],"tool_usage":{"web_search":{"num_requests":0}}}}

      event: response.output_item.added
      data: {"type":"response.output_item.added","item":{"id":"ws_1","type":"web_search_call","status":"in_progress"}}

      event: response.output_item.done
      data: {"type":"response.output_item.done","item":{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search"}}}

      event: response.output_item.added
      data: {"type":"response.output_item.added","item":{"id":"ci_1","type":"code_interpreter_call","status":"in_progress","container_id":"c"}}

      event: response.output_item.done
      data: {"type":"response.output_item.done","item":{"id":"ci_1","type":"code_interpreter_call","status":"completed","container_id":"c"}}

      event: response.completed
      data: {"type":"response.completed","response":{"service_tier":"flex","output":[\
      {"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search"}},\
      {"id":"ci_1","type":"code_interpreter_call","status":"completed","container_id":"c"}],\
      "tool_usage":{"image_gen":{"input_tokens":0},"web_search":{"num_requests":1}},"usage":{"input_tokens":1,"output_tokens":1}}}
      openai perplexity's response | responses | | web_search:fetch=7 web_search=5
      {"output":[{"type":"search_results","queries":["q"],"results":[]},{"type":"fetch_url_results","contents":[]}],\
      "usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2,"tool_calls_details":{"web_search":{"invocation":3},"fetch_url":{"invocation":7},"people_search":{"invocation":2}}}}
      openai perplexity's tools | responses | | code_interpreter=1 web_search:fetch=7 web_search=13
      {"output":[{"type":"search_results","queries":["q"],"results":[]},{"type":"sandbox_results","results":[]}],\
      "usage":{"input_tokens":1,"output_tokens":1,"total_tokens":2,"cost":{"tool_calls_cost":0.5},"tool_calls_details":{\
      "web_search":{"invocation":1},"people_search":{"invocation":2},"finance_search":{"invocation":4},"image_search":{"invocation":6},\
      "fetch_url":{"invocation":7},"sandbox":{"invocation":3},"other":{"invocation":9}}}}
      openai perplexity's response without numbers | responses | | web_search=2
      {"output":[{"type":"search_results","queries":["q"]},{"type":"search_results","queries":["r"]}],"usage":{"input_tokens":1,"output_tokens":1}}
      openai perplexity's stream | responses | | web_search=2
      data: {"type":"response.output_item.done","item":{"type":"search_results","queries":["q"]}}

      data: {"type":"response.completed","response":{"output":[{"type":"search_results","queries":["q"]},{"type":"search_results"}],\
      "usage":{"input_tokens":1,"output_tokens":1}}}
      openai image that is still generating | responses | | image:low/1024x1024=1 image:high/1024x1536=1
      {"output":[{"id":"ig_1","type":"image_generation_call","status":"generating","size":"1024x1024","quality":"low","result":"AA"},\
      {"id":"ig_2","type":"image_generation_call","status":"generating","size":"1024x1536","quality":"high","result":null},\
      {"id":"ig_3","type":"image_generation_call","status":"failed","result":null}],\
      "tool_usage":{"image_gen":{"input_tokens":5,"output_tokens":9,"output_tokens_details":{"image_tokens":9}}}}
      openai image stream of a response | responses | | image:low/1024x1024=1
      data: {"type":"response.created","response":{"output":[],"tool_usage":{"image_gen":{"input_tokens":0,"output_tokens":0}}}}

      data: {"type":"response.output_item.added","item":{"id":"ig_1","type":"image_generation_call","status":"in_progress"}}

      data: {"type":"response.output_item.done","item":{"id":"ig_1","type":"image_generation_call","status":"generating","size":"1024x1024","quality":"low","result":"AA"}}

      data: {"type":"response.completed","response":{"output":[{"id":"ig_1","type":"image_generation_call","status":"generating","size":"1024x1024","quality":"low","result":"AA"}],\
      "tool_usage":{"image_gen":{"input_tokens":5,"output_tokens":9}},"usage":{"input_tokens":1,"output_tokens":1}}}
      openai image without a list of items | responses | | image:low/1024x1024=1
      data: {"type":"response.output_item.done","item":{"id":"ig_1","type":"image_generation_call","status":"generating","size":"1024x1024","quality":"low","result":"AA"}}

      data: {"type":"response.completed","response":{"output":[],"tool_usage":{"image_gen":{"input_tokens":5,"output_tokens":9}}}}
      openai image in no item | responses | | image=1
      {"output":[],"tool_usage":{"image_gen":{"input_tokens":5,"output_tokens":9,"output_tokens_details":{"image_tokens":9}}}}
      openai images that the tool has read | responses | | image:usual=13 image:low/1024x1024=1
      data: {"type":"response.created","response":{"output":[],"tool_usage":{"image_gen":{"input_tokens":0,"output_tokens":0}}}}

      data: {"type":"response.completed","response":{"output":[{"id":"ig_1","type":"image_generation_call","status":"completed","size":"1024x1024","quality":"low","result":"AA"}],\
      "tool_usage":{"image_gen":{"input_tokens":80000,"input_tokens_details":{"image_tokens":79900},"output_tokens":272}},"usage":{"input_tokens":1,"output_tokens":1}}}
      openai image that was only begun | responses | |
      data: {"type":"response.output_item.added","item":{"id":"ig_1","type":"image_generation_call","status":"in_progress","result":null}}

      data: {"type":"response.output_item.done","item":{"id":"ig_1","type":"image_generation_call","status":"failed","result":null}}
      openai broken stream | responses | | web_search=1
      data: {"type":"response.output_item.done","item":{"id":"ws_1","type":"web_search_call","status":"completed","action":{"type":"search"}}}
      openai items without ids | responses | | file_search=2
      data: {"type":"response.output_item.done","item":{"type":"file_search_call"}}

      data: {"response":{"output":[{"type":"file_search_call"},{"type":"file_search_call"}]}}
      openai number of searches | responses | | web_search=3
      {"output":[{"id":"ws_1","type":"web_search_call","action":{"type":"search"}}],"tool_usage":{"web_search":{"num_requests":3}}}
      openai xai | responses | | web_search=7 code_interpreter=4 file_search=1 file_search:attachments=2
      {"output":[{"id":"ws_1","type":"web_search_call","action":{"type":"search"}}],"usage":{"input_tokens":1,"output_tokens":1,\
      "server_side_tool_usage_details":{"web_search_calls":2,"x_search_calls":5,"code_interpreter_calls":4,"file_search_calls":1,"mcp_calls":9,"document_search_calls":2}}}
      openai posts and profiles at xai | responses | | web_search=2 web_search:post=44 web_search:profile=3
      {"usage":{"input_tokens":1,"output_tokens":1,"server_side_tool_usage_details":\
      {"web_search_calls":2,"x_search_calls":9,"x_posts_fetched":44,"x_users_fetched":3}}}
      openai searches at xai without a post | responses | |
      {"usage":{"input_tokens":1,"output_tokens":1,"server_side_tool_usage_details":\
      {"web_search_calls":0,"x_search_calls":9,"x_posts_fetched":0,"x_users_fetched":0}}}
      openai searches at xai with no profile stated first | responses | |
      {"usage":{"input_tokens":1,"output_tokens":1,"server_side_tool_usage_details":\
      {"x_users_fetched":0,"x_search_calls":9}}}
      openai searches at xai with no post stated first | responses | |
      {"usage":{"input_tokens":1,"output_tokens":1,"server_side_tool_usage_details":\
      {"x_posts_fetched":0,"x_search_calls":9}}}
      openai openrouter | chat/completions | | web_search=2
      {"usage":{"prompt_tokens":1,"completion_tokens":1,"server_tool_use":{"web_search_requests":2}}}
      openai openrouter in newer answers | chat/completions | | web_search=2
      {"usage":{"prompt_tokens":1,"completion_tokens":1,"server_tool_use_details":{"tool_calls_requested":5,"tool_calls_executed":4,"web_search_requests":2}}}
      openai groq's tools | chat/completions | | web_search=3 code_interpreter=1
      {"choices":[{"index":0,"message":{"role":"assistant","content":"x","executed_tools":[\
      {"index":0,"type":"search","arguments":"{\\"type\\":\\"python\\"}","output":"o","search_results":{"results":[{"title":"t"}]}},\
      {"index":1,"type":"browser_search","arguments":"{}"},\
      {"index":2,"type":"browser_automation","arguments":"{}"},\
      {"index":3,"type":"python","arguments":"{}","code_results":[{"text":"1"}]},\
      {"index":4,"type":"web_search","arguments":"{}"}]}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}
      openai groq's tools without numbers | chat/completions | | web_search=2
      {"choices":[{"message":{"executed_tools":[{"type":"search"},{"type":"search"}]}}]}
      openai groq's tools stream | chat/completions | | web_search=2 code_interpreter=1
      data: {"choices":[{"delta":{"executed_tools":[{"index":0,"type":"search","arguments":"{}"}]}}]}

      data: {"choices":[{"delta":{"executed_tools":[{"index":0,"type":"search","arguments":"{}","output":"o"}]}}]}

      data: {"choices":[{"delta":{"executed_tools":[{"arguments":"{}","type":"search","index":1},{"index":2,"type":"python"}]}}]}

      data: {"choices":[{"delta":{}}],"x_groq":{"usage":{"prompt_tokens":1,"completion_tokens":1}}}
      openai mistral's tools | chat/completions | | web_search=3 code_interpreter=1 image=2
      {"choices":[{"index":0,"messages":[{"role":"assistant","tool_calls":[\
      {"id":"a","function":{"name":"web_search","arguments":"{\\"name\\":\\"web_search\\"}"}},\
      {"id":"b","function":{"name":"web_search_premium","arguments":"{}"}}]},\
      {"role":"tool","tool_call_id":"a","content":[{"type":"tool_reference","tool":"web_search","title":"t"}]},\
      {"role":"assistant","tool_calls":[{"id":"c","function":{"name":"image_generation","arguments":"{}"}},\
      {"id":"d","function":{"name":"code_interpreter","arguments":"{}"}},\
      {"id":"e","function":{"name":"image_generation","arguments":"{}"}},\
      {"id":"f","function":{"name":"parrots","arguments":"{}"}},\
      {"id":"a","function":{"name":"web_search","arguments":"{}"}}]},\
      {"role":"assistant","content":[{"type":"text","text":"x"},\
      {"type":"tool_file","tool":"image_generation","file_id":"1"}]}]},\
      {"index":1,"messages":[{"role":"assistant","tool_calls":[{"id":"g","function":{"name":"web_search"}}]}]}],\
      "usage":{"prompt_tokens":1,"completion_tokens":1}}
      openai mistral's tools stream | chat/completions | | image=2
      data: {"choices":[{"delta":{"role":"assistant","content":[{"type":"tool_reference","tool":"web_search","title":"t"}]}}]}

      data: {"choices":[{"delta":{"content":[{"type":"tool_file","tool":"image_generation","file_id":"1"},\
      {"type":"tool_file","file_id":"2","tool":"image_generation"},{"type":"tool_file","file_id":"3","tool":"code_interpreter"}]}}]}

      data: {"choices":[{"delta":{"content":[{"type":"tool_file","tool":"image_generation","file_id":"1"},{"type":"text","text":"x"}]}}]}

      data: {"choices":[{"delta":{"content":"x"}}],"usage":{"prompt_tokens":1,"completion_tokens":1}}
      openai mistral's recording in a chat | chat/completions | | audio_minute=12000
      {"choices":[{"message":{"content":"x"}}],"usage":{"prompt_audio_seconds":12,"prompt_tokens":1,"completion_tokens":1}}
      openai mistral's chat without a recording | chat/completions | |
      {"choices":[{"message":{"content":"x"}}],"usage":{"prompt_audio_seconds":null,"prompt_tokens":1,"completion_tokens":1}}
      openai mistral's recording in a stream | chat/completions | | audio_minute=7000
      data: {"choices":[{"delta":{"content":"x"}}]}

      data: {"choices":[{"delta":{"content":""}}],"usage":{"prompt_audio_seconds":7,"prompt_tokens":1,"completion_tokens":1}}
      openai a caller's tools | chat/completions | |
      {"choices":[{"message":{"role":"assistant","tool_calls":[\
      {"id":"a","type":"function","function":{"name":"web_search","arguments":"{}"}}]}}]}
      openai perplexity | chat/completions | | web_search:low=1
      {"usage":{"prompt_tokens":1,"completion_tokens":1,"search_context_size":"low","cost":{"request_cost":0.005}}}
      openai perplexity research | chat/completions | | web_search=21
      {"usage":{"prompt_tokens":1,"completion_tokens":1,"citation_tokens":5,"num_search_queries":21}}
      openai images | images/generations | | image:low/1024x1024=2
      {"created":1,"background":"opaque","quality":"low","size":"1024x1024","data":[{"b64_json":"AA"},{"b64_json":"AA"}]}
      openai images of no stated size | images/generations | | image=1
      {"created":1,"data":[{"url":"https://x","revised_prompt":"x"}]}
      openai image stream | images/edits | | image:high/1536x1024=1
      data: {"type":"image_edit.partial_image","b64_json":"AA","size":"1536x1024","quality":"high"}

      data: {"type":"image_edit.completed","b64_json":"AA","size":"1536x1024","quality":"high","usage":{"input_tokens":1,"output_tokens":1}}
      openai recording | audio/transcriptions | | audio_minute=9000
      {"text":"hm","duration":"8.47","usage":{"type":"duration","seconds":9}}
      openai recording with fractions | audio/transcriptions | | audio_minute=9000
      {"text":"hm","duration":8.47,"segments":[{"id":0,"start":0.0,"end":99.0}]}
      openai mistral's recording | audio/transcriptions | | audio_minute=203000
      {"text":"hm","usage":{"prompt_audio_seconds":203,"prompt_tokens":4,"completion_tokens":635}}
      bedrock images | model/stability.stable-image-ultra-v1:1/invoke | | image=2
      {"seeds":[2130420379,7],"finish_reasons":[null,null],"images":["iVBORw0K","AA"]}
      bedrock image that was left out | model/amazon.nova-canvas-v1:0/invoke | | image=1
      {"images":["iVBORw0K",null],"error":null}
      bedrock artifacts | model/stability.stable-diffusion-xl-v1/invoke | | image=1
      {"result":"success","artifacts":[{"seed":7,"base64":"iVBORw0K","finishReason":"SUCCESS"}]}
      bedrock searches | model/us.amazon.nova-2-lite-v1:0/converse | | grounding=2
      {"output":{"message":{"role":"assistant","content":[\
      {"toolUse":{"toolUseId":"t1","name":"nova_grounding","type":"server_tool_use","input":{"query":"a"}}},\
      {"toolUse":{"toolUseId":"t2","name":"nova_grounding","type":"server_tool_use","input":{"query":"b"}}},\
      {"toolUse":{"toolUseId":"t3","name":"search","input":{"name":"nova_grounding"}}},{"text":"x"}]}},\
      "usage":{"inputTokens":1,"outputTokens":1,"totalTokens":2}}
      bedrock search that begins | model/us.amazon.nova-2-lite-v1:0/converse-stream | | grounding=1
      {"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t1","name":"nova_grounding","type":"server_tool_use"}}}
      bedrock search of an invocation | model/us.amazon.nova-2-lite-v1:0/invoke | | grounding=1
      {"output":{"message":{"content":[{"toolUse":{"toolUseId":"t1","name":"nova_grounding","type":"server_tool_use"}}]}}}
      vertex pages | publishers/mistralai/models/mistral-ocr-2505:rawPredict | | page=3 page:annotated=1
      {"pages":[{"index":0,"markdown":"x"}],"usage_info":{"pages_processed":3,"pages_processed_annotation":1}}
      vertex images by a raw prediction | publishers/google/models/imagen-4:rawPredict | | image=2
      {"predictions":[{"bytesBase64Encoded":"AA","mimeType":"image/png"},{"bytesBase64Encoded":"AB"}]}
      vertex searches by a raw prediction | publishers/google/models/gemini-3-pro:rawPredict | | grounding=2
      {"candidates":[{"content":{"parts":[{"text":"x"}]},"groundingMetadata":{"webSearchQueries":["a","b"]}}]}
      openai pages | ocr | | page=29 page:annotated=2
      {"pages":[{"index":0,"markdown":"x"}],"usage_info":{"pages_processed":29,"pages_processed_annotation":2,"doc_size_bytes":3002783}}
      openai ranks | rerank | | search=3
      {"results":[{"index":0}],"meta":{"billed_units":{"search_units":3}}}
      anthropic | v1/messages | priority | web_search=3 code_interpreter=1
      {"type":"message","content":[{"type":"server_tool_use","name":"web_search"}],"usage":{"input_tokens":1,"output_tokens":1,\
      "server_tool_use":{"web_search_requests":3,"web_fetch_requests":2,"code_execution_requests":1},"service_tier":"priority"}}
      anthropic no runs of code | v1/messages | standard |
      {"usage":{"input_tokens":1,"output_tokens":1,"server_tool_use":{"code_execution_requests":0},"service_tier":"standard"}}
      anthropic runs of code in one container | v1/messages | standard | code_interpreter=1
      {"usage":{"input_tokens":1,"output_tokens":1,"server_tool_use":{"code_execution_requests":4},"service_tier":"standard"}}
      anthropic stream | v1/messages | standard | web_search=2
      event: message_start
      data: {"type":"message_start","message":{"usage":{"input_tokens":5,"output_tokens":1,"service_tier":"standard"}}}

      event: message_delta
      data: {"type":"message_delta","usage":{"output_tokens":7,"server_tool_use":{"web_search_requests":1}}}

      event: message_delta
      data: {"type":"message_delta","usage":{"output_tokens":9,"server_tool_use":{"web_search_requests":2}}}
      anthropic fast | v1/messages | fast |
      {"usage":{"input_tokens":1,"output_tokens":1,"service_tier":"standard","speed":"fast"}}
      anthropic usual speed | v1/messages | standard |
      {"usage":{"input_tokens":1,"output_tokens":1,"service_tier":"standard","speed":"standard","server_tool_use":null}}
      gemini | v1beta/models/gemini-3-pro:generateContent | flex | grounding=2
      {"candidates":[{"content":{"parts":[{"text":"x"}]},"groundingMetadata":{"webSearchQueries":["","a é","b","a é"],\
      "groundingChunks":[{"web":{"uri":"u"}}]}}],"usageMetadata":{"promptTokenCount":1,"serviceTier":"flex"},"modelVersion":"gemini-3-pro"}
      anthropic one country | v1/messages | us |
      {"usage":{"input_tokens":1,"output_tokens":1,"service_tier":"standard","inference_geo":"us","speed":"standard"}}
      anthropic fast in one country | v1/messages | fast.us |
      {"usage":{"speed":"fast","service_tier":"standard","inference_geo":"us"}}
      anthropic with committed capacity | v1/messages | priority |
      {"usage":{"service_tier":"priority","inference_geo":"global"}}
      anthropic anywhere | v1/messages | standard |
      {"usage":{"service_tier":"standard","inference_geo":"global"}}
      gemini maps | v1beta/models/gemini-3-pro:generateContent | | grounding:maps=1
      {"candidates":[{"groundingMetadata":{"groundingChunks":[{"maps":{"uri":"u"}},{"maps":{"uri":"v"}},{"web":{"maps":"w"}}]}}]}
      gemini by the prompt | v1beta/models/gemini-2.5-pro:generateContent | standard | grounding=1
      {"candidates":[{"groundingMetadata":{"webSearchQueries":["a","b"]}}],"modelVersion":"gemini-2.5-pro",\
      "usageMetadata":{"serviceTier":"standard"}}
      gemini stream | v1beta/models/gemini-3-pro:streamGenerateContent | priority | grounding=3
      data: {"candidates":[{"groundingMetadata":{"webSearchQueries":["a"]}}],"usageMetadata":{"trafficType":"TRAFFIC_TYPE_UNSPECIFIED"}}

      data: {"candidates":[{"groundingMetadata":{"webSearchQueries":["a","b"],"imageSearchQueries":["c"]}}],\
      "usageMetadata":{"trafficType":"ON_DEMAND_PRIORITY"}}
      gemini not grounded | v1beta/models/gemini-3-pro:generateContent | |
      {"candidates":[{"groundingMetadata":{}}],"usageMetadata":{"serviceTier":"unspecified"}}
      gemini provisioned | v1beta/models/gemini-3-pro:generateContent | scale |
      {"candidates":[],"usageMetadata":{"trafficType":"PROVISIONED_THROUGHPUT"}}
      cohere ranks | v2/rerank | | search=1
      {"results":[],"meta":{"api_version":{"version":"2"},"billed_units":{"search_units":1.0}}}
      """;

  static Stream<Arguments> statements() {
    return Arrays.stream(CASES.split("(?m)^(?=[a-z' ]+ \\|)"))
        .filter(each -> !each.isBlank())
        .map(
            each -> {
              String[] lines = each.split("\n", 2);
              String[] head = lines[0].split(" \\|", -1);
              return Arguments.of(
                  head[0], head[1].strip(), head[2].strip(), head[3].strip(), lines[1]);
            });
  }

  private static WireFormat format(String name) {
    return WireFormat.valueOf(name.split(" ")[0].toUpperCase(Locale.ROOT));
  }

  private static TokenCounts counts(WireFormat format, String path, String answer, int split) {
    byte[] bytes = answer.getBytes(UTF_8);
    TokenCounts counts = TokenCounts.of(format, path);
    counts.begin(
        answer.startsWith("data:") || answer.startsWith("event:")
            ? AnswerFraming.EVENTS
            : AnswerFraming.DOCUMENT);
    counts.scan(Unpooled.wrappedBuffer(bytes, 0, split));
    counts.scan(Unpooled.wrappedBuffer(bytes, split, bytes.length - split));
    return counts;
  }

  private static FeesUsed fees(WireFormat format, String path, TokenCounts counts) {
    return counts.fees(
        format.api(),
        path,
        counts.answeredModel().orElse(""),
        counts.usage(OperationKind.of("POST", path) == OperationKind.IMAGES).parts().images(),
        1);
  }

  private static String shown(FeesUsed fees) {
    return fees.counts().entrySet().stream()
        .map(
            each ->
                each.getKey().what().wireName()
                    + (each.getKey().quality().isEmpty() ? "" : ":" + each.getKey().quality())
                    + "="
                    + each.getValue())
        .collect(Collectors.joining(" "));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("statements")
  void tier_and_fees_are_found_however_the_answer_is_split(
      String name, String path, String tier, String fees, String answer) {
    int length = answer.getBytes(UTF_8).length;
    for (int split = 0; split <= length; split++) {
      TokenCounts counts = counts(format(name), path, answer, split);

      assertThat(counts.tier(format(name).api()))
          .as("split at %s", split)
          .isEqualTo(tier.isEmpty() ? Optional.empty() : Optional.of(ServiceTier.of(tier)));
      assertThat(shown(fees(format(name), path, counts)).split(" "))
          .as("split at %s", split)
          .containsExactlyInAnyOrder(fees.split(" "));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Texts that a model wrote
        "{'output':[{'id':'m','type':'message','content':[{'type':'output_text',"
            + "'text':'{\\'id\\':\\'w\\',\\'type\\':\\'web_search_call\\',\\'service_tier\\':\\'flex\\'}'}]}]}",
        "{'output_text':'\\'service_tier\\':\\'flex\\'','x':'web_search_call'}",
        // Arguments and results of tools, and what the caller has sent, repeated
        "{'output':[{'id':'f','type':'function_call','arguments':{'type':'web_search_call','id':'w'}}]}",
        "{'output':[{'id':'f','type':'function_call','item':{'type':'web_search_call','id':'w'}}]}",
        "{'output':[{'id':'f','type':'mcp_call','output':[{'type':'web_search_call','id':'w'}]}]}",
        "{'tools':[{'type':'web_search_call','id':'w','status':'completed','service_tier':'flex'}]}",
        "{'input':[{'type':'web_search_call','id':'w'}],'text':{'output':[{'type':'file_search_call','id':'w'}]}}",
        "{'metadata':{'service_tier':'flex','tool_usage':{'web_search':{'num_requests':5}}}}",
        "{'instructions':[{'output':[{'type':'web_search_call','id':'w'}],'service_tier':'flex'}]}",
        // Places of other formats and operations
        "{'usage':{'speed':'fast'},'serviceTier':'flex','usageMetadata':{'serviceTier':'flex'}}",
        "{'meta':{'billed_units':{'search_units':5}},'usage_info':{'pages_processed':5},'duration':5}",
        "{'usage':{'seconds':5},'candidates':[{'groundingMetadata':{'webSearchQueries':['a']}}]}",
        "{'choices':[{'message':{'annotations':[{'type':'url_citation'}]}}],'size':'1x1','quality':'hd'}",
        // Values of other types
        "{'service_tier':['flex'],'output':{'type':'web_search_call','id':'w'},'tool_usage':5}",
        "{'service_tier':{'a':'flex'},'output':[['web_search_call']],'usage':{'num_search_queries':'5'}}",
        "{'usage':{'num_search_queries':-5,'server_tool_use':{'web_search_requests':1e3}}}",
        "{'output':[{'id':'w','type':'web_search_call','type':'message'}]}",
        "{'output':[{'id':'w','type':'web_search_call','action':{'type':'search','type':'open_page'}}]}",
        "{'output':[{'id':'w','type':'Web_Search_Call'},{'id':'x','type':'web_search_call '}]}",
        "{'output':[{'id':'w','type':'web_search_call','status':'in_progress'}]}",
        // Documents that end too early
        "{'output':[{'id':'w','type':'web_search_call','action':{'type':'search'}",
        "data: {'item':{'id':'w','type':'web_search_call'\n\ndata: {'output':[{'id':'m','type':'message'}]}\n\n",
        "{'service_tier':'flex",
        "''service_tier':'flex''"
      })
  void what_only_looks_like_a_tier_or_fee_does_not_count(String written) {
    String answer = written.replace('\'', '"');
    for (int split = 0; split <= answer.length(); split++) {
      TokenCounts counts = counts(WireFormat.OPENAI, "responses", answer, split);

      assertThat(fees(WireFormat.OPENAI, "responses", counts)).as(answer).isEqualTo(FeesUsed.NONE);
      assertThat(counts.tier(WireFormat.OPENAI.api())).as(answer).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ANTHROPIC | {'content':[{'input':{'usage':{'server_tool_use':{'web_search_requests':5}}}}]}",
        "ANTHROPIC | {'server_tool_use':{'web_search_requests':5},'service_tier':'priority'}",
        "ANTHROPIC | {'usage':{'iterations':[{'server_tool_use':{'web_search_requests':5},'service_tier':'priority'}]}}",
        "GEMINI | {'candidates':[{'content':{'parts':[{'functionCall':{'args':{'groundingMetadata':{'webSearchQueries':['a']}}}}]}}]}",
        "GEMINI | {'groundingMetadata':{'webSearchQueries':['a']},'serviceTier':'priority'}",
        "GEMINI | {'candidates':[{'groundingMetadata':{'webSearchQueries':'a','retrievalQueries':['a'],'x':['b']}}]}",
        "COHERE | {'message':{'content':[{'billed_units':{'search_units':5}}]},'billed_units':{'search_units':5}}",
        "OLLAMA | {'service_tier':'flex','usage':{'num_search_queries':5}}"
      })
  void places_within_texts_and_arguments_do_not_count(WireFormat format, String written) {
    TokenCounts counts = counts(format, "v1/messages", written.replace('\'', '"'), 0);

    assertThat(fees(format, "v1/messages", counts)).isEqualTo(FeesUsed.NONE);
    assertThat(counts.tier(format.api())).isEmpty();
  }

  @Test
  void the_last_stated_number_counts() {
    String answer =
        "{\"usage\":{\"num_search_queries\":9,\"num_search_queries\":99999999999999999999}}"
            + "{\"usage\":{\"num_search_queries\":2},\"usage\":{\"num_search_queries\":4}}";
    TokenCounts counts = counts(WireFormat.OPENAI, "chat/completions", answer, 0);

    assertThat(shown(fees(WireFormat.OPENAI, "chat/completions", counts)))
        .isEqualTo("web_search=4");
  }

  @Test
  void items_are_counted_once_and_not_without_end() {
    String item = "{\"id\":\"w%s\",\"type\":\"web_search_call\",\"action\":{\"type\":\"search\"}}";
    String all =
        IntStream.range(0, 100_000)
            .mapToObj(i -> item.formatted(i % 5_000))
            .collect(Collectors.joining(",", "{\"output\":[", "]}"));
    TokenCounts counts = counts(WireFormat.OPENAI, "responses", all, 0);

    assertThat(fees(WireFormat.OPENAI, "responses", counts))
        .isEqualTo(FeesUsed.of(FeeKind.WEB_SEARCH, StatedFees.MOST_IDS));
    assertThat(counts.usage(false).estimated().requests()).isEqualTo(1);
    String fits =
        IntStream.range(0, 2 * StatedFees.MOST_IDS)
            .mapToObj(i -> item.formatted(i % StatedFees.MOST_IDS))
            .collect(Collectors.joining(",", "{\"output\":[", "]}"));
    assertThat(counts(WireFormat.OPENAI, "responses", fits, 0).usage(false).estimated().requests())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | {`type`:`message`}",
        "application/json | {`type`:`message`,`usage`:{}}",
        "text/event-stream | data: {`type`:`message_start`,`message`:{`usage`:{`input_tokens`:5,"
            + "`output_tokens`:1}}}NNdata: {`type`:`error`,`error`:{`type`:`api_error`}}NN"
      })
  void a_page_may_have_been_fetched_if_a_complete_answer_states_no_usage(
      String type, String answer) {
    FeesUsed once = FeesUsed.of(FeePiece.FETCH, 1);
    AnswerUse use =
        new AnswerUse(WireFormat.ANTHROPIC, HttpMethod.POST, "v1/messages", ObeyedCaps.LEAST);
    use.answered(200);
    use.begin(new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, type));
    use.read(Unpooled.copiedBuffer(answer.replace('`', '"').replace('N', '\n'), UTF_8));
    use.end();

    assertThat(
            use.of(9, UsageModel.UNKNOWN, new UnstatedUse.Asked(false, 0, once, 1, 1, false, 0))
                .fees())
        .isEqualTo(once);
  }

  /** Answers of Bedrock's Converse don't say how often most tools of the provider were used. */
  @Test
  void a_tool_of_which_no_answer_states_the_use_counts_as_used_once() {
    String answer =
        "{\"output\":{\"message\":{\"content\":[{\"text\":\"x\"}]}},"
            + "\"usage\":{\"inputTokens\":5,\"outputTokens\":3}}";
    FeesUsed once = FeesUsed.of(FeeKind.CODE_INTERPRETER, 1);
    UnstatedUse.Asked tools = new UnstatedUse.Asked(false, 0, once, 1, 1, false, 0);

    CallUse used = ofConverse(200, answer).of(9, UsageModel.UNKNOWN, tools);
    assertThat(used.fees()).isEqualTo(once);
    assertThat(used.evidence()).isEqualTo(CallUse.Evidence.STATED);
    assertThat(used.usage().estimated().requests()).isEqualTo(1);
    assertThat(used.usage().output()).isEqualTo(3);
    assertThat(
            ofConverse(200, answer)
                .of(9, UsageModel.UNKNOWN, UnstatedUse.Asked.NOTHING)
                .usage()
                .estimated()
                .requests())
        .isZero();
    assertThat(ofConverse(400, "{}").of(9, UsageModel.UNKNOWN, tools).fees().isNone()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "`server_tool_use`:{`web_search_requests`:1,`web_fetch_requests`:2}, | 2",
        "`server_tool_use`:{`web_fetch_requests`:0}, | 0",
        "`service_tier`:`standard`, | 0"
      })
  void fetched_pages_are_counted_where_they_are_charged(String members, long pages) {
    String answer =
        "{`type`:`message`,`usage`:{%s`input_tokens`:5,`output_tokens`:3}}"
            .formatted(members)
            .replace('`', '"');
    UnstatedUse.Asked charged =
        new UnstatedUse.Asked(false, 0, FeesUsed.of(FeePiece.FETCH, 1), 1, 1, false, 0);
    AnswerUse use = of(WireFormat.ANTHROPIC, "v1/messages", 200, answer);

    CallUse used = use.of(9, UsageModel.UNKNOWN, charged);
    assertThat(used.fees().counts().getOrDefault(FeePiece.FETCH, 0L)).isEqualTo(pages);
    assertThat(used.usage().estimated().requests()).isZero();
    assertThat(use.of(9, UsageModel.UNKNOWN, UnstatedUse.Asked.NOTHING).fees().counts())
        .doesNotContainKey(FeePiece.FETCH);
  }

  /**
   * A stream of which the caller has got only a part. The seconds are those at which each event
   * came after the request was sent, and at which the caller left.
   */
  @ParameterizedTest
  @CsvSource({
    // a second without a piece is usual, and any time before the output is stated
    "1 2 3 4, 2, 5",
    "31 31 31 31, 2, 5",
    // reasoning before the first piece, between pieces, and after the last one
    "0 31 31 31, 6002, 5",
    "0 0 31 31, 6002, 5",
    "0 0 0 31, 6002, 5"
  })
  void who_leaves_a_stream_is_charged_for_the_time_in_which_it_was_silent(
      String seconds, long output, long input) {
    List<Long> times =
        Stream.of(seconds.split(" ")).map(each -> Long.parseLong(each) * 1_000_000_000).toList();
    AtomicLong now = new AtomicLong();
    AnswerUse use = streaming(now::get);
    List<String> events =
        List.of(
            "{\"type\":\"message_start\",\"message\":{\"usage\":{\"input_tokens\":5,\"output_tokens\":1}}}",
            "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"x\"}}",
            "{\"type\":\"content_block_delta\",\"delta\":{\"text\":\"y\"}}");
    for (int i = 0; i < events.size(); i++) {
      now.set(times.get(i));
      use.read(Unpooled.copiedBuffer("data: " + events.get(i) + "\n\n", UTF_8));
    }
    now.set(times.getLast());
    Optional<RequestedUse> asked =
        Optional.of(
            RequestedUse.once(
                UsageModel.UNKNOWN,
                OperationKind.TEXT,
                20,
                OptionalLong.of(50_000),
                Optional.of("max_tokens")));

    CallUse passed = use.of(20, UsageModel.UNKNOWN, UnstatedUse.Asked.NOTHING);
    CallUse left = use.left(passed, asked);

    assertThat(left.isAbandoned()).isTrue();
    assertThat(left.usage().output()).isEqualTo(output);
    assertThat(left.usage().input()).isEqualTo(input);
    assertThat(use.left(passed, Optional.empty())).isEqualTo(passed.abandoned());
  }

  @Test
  void the_time_in_which_the_caller_did_not_read_is_no_silence_of_the_provider() {
    AtomicLong now = new AtomicLong();
    AnswerUse use = streaming(now::get);
    now.set(TimeUnit.MINUTES.toNanos(1));

    use.beginWaiting();
    use.read(
        Unpooled.copiedBuffer(
            "data: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"x\"}}\n\n", UTF_8));
    CallUse passed = use.of(20, UsageModel.UNKNOWN, UnstatedUse.Asked.NOTHING);
    RequestedUse asked =
        RequestedUse.once(
            UsageModel.UNKNOWN,
            OperationKind.TEXT,
            20,
            OptionalLong.of(50_000),
            Optional.of("max_tokens"));

    assertThat(use.left(passed, Optional.of(asked)).usage().output())
        .isEqualTo(passed.usage().output());
  }

  @ParameterizedTest
  @CsvSource({
    "ANTHROPIC, v1/messages",
    "VERTEX, publishers/anthropic/models/claude-sonnet-4-5:streamRawPredict"
  })
  void each_run_of_a_tool_that_is_part_of_a_stream_reads_the_input_again(
      WireFormat format, String path) {
    AnswerUse use = streaming(format, path, () -> 0);
    for (String type :
        List.of("text", "server_tool_use", "web_fetch_tool_result", "mcp_tool_use")) {
      String event =
          "{\"type\":\"content_block_start\",\"content_block\":{\"type\":\"" + type + "\"}}";
      use.read(Unpooled.copiedBuffer("data: " + event + "\n\n", UTF_8));
    }

    CallUse left =
        use.left(
            use.of(400, UsageModel.UNKNOWN, UnstatedUse.Asked.NOTHING),
            Optional.of(readingUpTo(11)));

    assertThat(left.usage().input()).isEqualTo(3 * 100 + 3 * 8_192);
  }

  @Test
  void each_search_for_posts_in_an_interrupted_stream_reads_the_input_again() {
    AnswerUse use = streaming(WireFormat.OPENAI, "responses", () -> 0);
    use.read(
        Unpooled.copiedBuffer(
            "data: {\"type\":\"response.in_progress\",\"response\":{\"usage\":"
                + "{\"server_side_tool_usage_details\":{\"web_search_calls\":1,"
                + "\"x_search_calls\":2,\"x_posts_fetched\":40,\"x_users_fetched\":3}}}}\n\n",
            UTF_8));

    CallUse left =
        use.left(
            use.of(400, UsageModel.UNKNOWN, UnstatedUse.Asked.NOTHING),
            Optional.of(readingUpTo(11)));

    assertThat(left.usage().input()).isEqualTo(4 * 100 + (1 + 2 + 3) * 8_192);
    assertThat(shown(left.fees()))
        .isEqualTo("web_search=1 web_search:post=40 web_search:profile=3");
  }

  private static RequestedUse readingUpTo(int rounds) {
    return new RequestedUse(
        UsageModel.UNKNOWN,
        OperationKind.TEXT,
        400,
        new RequestedUse.Reading(false, rounds, false),
        new RequestedUse.Writing(OptionalLong.of(50), Optional.empty(), 1, true),
        Set.of(),
        RequestedUse.ANY_TIER,
        FeesUsed.NONE,
        UnstatedUse.Asked.NOTHING);
  }

  private static AnswerUse ofConverse(int status, String answer) {
    return of(WireFormat.BEDROCK, "model/m/converse", status, answer);
  }

  private static AnswerUse of(WireFormat format, String path, int status, String answer) {
    AnswerUse use = new AnswerUse(format, HttpMethod.POST, path, ObeyedCaps.LEAST);
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .set(HttpHeaderNames.CONTENT_TYPE, "application/json")
            .set(HttpHeaderNames.CONTENT_LENGTH, answer.length());
    use.answered(status);
    use.begin(headers);
    use.follow(headers);
    use.read(Unpooled.copiedBuffer(answer, UTF_8));
    use.end();
    return use;
  }

  @Test
  void images_that_are_in_no_item_are_an_estimate() {
    String use = "\"tool_usage\":{\"image_gen\":{\"input_tokens\":5,\"output_tokens\":9}}}";
    String item = "{\"id\":\"ig\",\"type\":\"image_generation_call\",\"status\":\"generating\"}";

    assertThat(
            counts(WireFormat.OPENAI, "responses", "{\"output\":[]," + use, 0)
                .usage(false)
                .estimated()
                .requests())
        .isEqualTo(1);
    assertThat(
            counts(WireFormat.OPENAI, "responses", "{\"output\":[" + item + "]," + use, 0)
                .usage(false)
                .estimated()
                .requests())
        .isZero();
  }

  @Test
  void a_line_of_a_batch_states_the_tools_that_ran_for_a_chat() {
    String line =
        "{'response':{'body':{'model':'m','choices':[{'message':{'executed_tools':["
            + "{'index':0,'type':'search'},{'index':1,'type':'python'}]}}],"
            + "'usage':{'prompt_tokens':5,'completion_tokens':9}}}}\n";

    assertThat(ofLines(line)).containsExactly("web_search=1 code_interpreter=1");
  }

  @Test
  void a_line_of_a_batch_counts_the_search_of_a_model_that_always_searches() {
    String line =
        "{'response':{'body':{'model':'gpt-4o-search-preview-2025-03-11',"
            + "'usage':{'prompt_tokens':5,'completion_tokens':9}}}}\n"
            + "{'response':{'body':{'model':'gpt-4o','usage':{'prompt_tokens':5}}}}\n"
            + "{'response':{'status_code':400,'body':{'error':{'code':'x'}}}}\n";

    assertThat(ofLines(line)).containsExactly("web_search=1", "", "");
  }

  /** Returns the fees that each line of a batch's results states. */
  private static List<String> ofLines(String lines) {
    ProviderApi api = WireFormat.OPENAI.api();
    List<String> found = new ArrayList<>();
    new StatedLines(
            api, api.batchAnswers().orElseThrow(), (model, used, fees) -> found.add(shown(fees)))
        .read(lines.replace('\'', '"').getBytes(UTF_8));
    return found;
  }

  @Test
  void images_of_too_many_qualities_are_charged_at_the_highest_fee() {
    String item =
        "{\"id\":\"w%1$s\",\"type\":\"image_generation_call\",\"quality\":\"q%1$s\",\"size\":\"%2$s\"}";
    String all =
        IntStream.range(0, 3_000)
            .mapToObj(i -> item.formatted(i, i % 2 == 0 ? "1x1" : "x".repeat(300)))
            .collect(Collectors.joining(",", "{\"output\":[", "]}"));
    FeesUsed fees =
        fees(WireFormat.OPENAI, "responses", counts(WireFormat.OPENAI, "responses", all, 0));

    assertThat(fees.count(FeeKind.IMAGE)).isEqualTo(3_000);
    assertThat(fees.counts())
        .hasSize(FeesUsed.MOST + 1)
        .containsEntry(FeePiece.dearest(FeeKind.IMAGE), 3_000L - FeesUsed.MOST);
  }

  @Test
  void long_queries_are_told_apart_by_their_beginning_and_length() {
    String start = "x".repeat(PlaceScanner.LONGEST);
    String answer =
        "{\"candidates\":[{\"groundingMetadata\":{\"webSearchQueries\":[\"%1$sa\",\"%1$sb\",\"%1$sbb\",\"x\"]}}]}"
            .formatted(start);
    String path = "v1beta/models/m:generateContent";

    assertThat(shown(fees(WireFormat.GEMINI, path, counts(WireFormat.GEMINI, path, answer, 0))))
        .isEqualTo("grounding=3");
  }

  @Test
  void a_query_for_pages_and_the_same_query_for_images_are_two_searches() {
    String answer =
        "data: {\"candidates\":[{\"groundingMetadata\":{\"webSearchQueries\":[\"a\",\"b\"],"
            + "\"imageSearchQueries\":[\"a\"]}}]}\n\n";
    String path = "v1beta/models/gemini-3-pro:streamGenerateContent";

    assertThat(
            shown(
                fees(WireFormat.GEMINI, path, counts(WireFormat.GEMINI, path, answer + answer, 0))))
        .isEqualTo("grounding=3");
  }

  @Test
  void what_is_billed_in_place_of_tokens_is_a_statement() {
    Map<String, String> answers =
        Map.of(
            "audio/transcriptions", "{\"usage\":{\"type\":\"duration\",\"seconds\":9}}",
            "ocr", "{\"usage_info\":{\"pages_processed\":2}}",
            "rerank", "{\"meta\":{\"billed_units\":{\"search_units\":1}}}");
    answers.forEach(
        (path, answer) -> {
          TokenCounts counts = counts(WireFormat.OPENAI, path, answer, 0);
          assertThat(counts.isStated(counts.usage(false))).as(path).isTrue();
        });
    TokenCounts searched =
        counts(WireFormat.OPENAI, "chat/completions", "{\"usage\":{\"num_search_queries\":2}}", 0);
    assertThat(searched.isStated(searched.usage(false))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "images/generations | {'type':'image_generation.completed','b64_json':'A','usage':{'input_tokens':5,'output_tokens':9,'input_tokens_details':{'text_tokens':5}}} | 0 0 9",
        "images/edits | {'type':'image_edit.completed','usage':{'input_tokens':5,'output_tokens':9,'output_tokens_details':{'text_tokens':2,'image_tokens':7}}} | 0 0 7",
        "images/generations | {'type':'image_generation.completed','b64_json':'A'} | 0 0 1056",
        "audio/speech | {'type':'speech.audio.done','usage':{'input_tokens':5,'output_tokens':9}} | 0 9 0",
        "audio/speech | {'type':'speech.audio.delta','audio':'AAAA'} | 0 1 0",
        "audio/transcriptions | {'type':'transcript.text.done','text':'a','usage':{'input_tokens':7,'output_tokens':1,'input_token_details':{'text_tokens':2,'audio_tokens':5}}} | 5 0 0",
        "audio/transcriptions | {'type':'transcript.text.done','text':'a'} | 2 0 0",
        "chat/completions | {'choices':[{'delta':{'content':'a','audio':null}}]} | 0 0 0",
        "chat/completions | {'choices':[{'delta':{'audio':{'id':'a','data':'AAAA'}}}]} | 0 1 0",
        "chat/completions | {'choices':[{'delta':{'audio':{'data':'AAAA'}}}],'usage':{'prompt_tokens':5,'completion_tokens':9,'completion_tokens_details':{'audio_tokens':7}}} | 0 7 0",
        "ocr | {'usage_info':{'pages_processed':2}} | 0 0 0",
        "chat/completions | {'usage':{'prompt_tokens':5,'completion_tokens':9}} | 0 0 0"
      })
  void tokens_are_of_the_kind_that_the_operation_makes_or_reads(
      String path, String event, String expected) {
    AnswerUse use = streaming(WireFormat.OPENAI, path, () -> 0);
    use.count(Unpooled.wrappedBuffer(new byte[800]));
    use.read(Unpooled.copiedBuffer("data: " + event.replace('\'', '"') + "\n\n", UTF_8));
    use.end();

    TokenParts parts = use.of(3_200, UsageModel.UNKNOWN, UnstatedUse.Asked.NOTHING).usage().parts();

    assertThat(parts.audioInput() + " " + parts.audioOutput() + " " + parts.imageOutput())
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "`web_search_requests`:1,`tool_calls_requested`:5,`tool_calls_executed`:4 | 3",
        "`tool_calls_executed`:2 | 2",
        "`tool_calls_executed`:0 | 0",
        "`web_search_requests`:2,`tool_calls_executed`:1 | 0",
        "`web_search_requests`:1 | 1"
      })
  void runs_of_tools_that_are_no_searches_count_as_images_if_the_request_offers_this_tool(
      String stated, long images) {
    UnstatedUse.Asked asked =
        new UnstatedUse.Asked(false, 0, FeesUsed.of(FeeKind.IMAGE, 1), 1, 1, false, 0);
    String usage =
        "{'prompt_tokens':5,'completion_tokens':9,'server_tool_use_details':{" + stated + "}}";
    AnswerUse use = streaming(WireFormat.OPENAI, "chat/completions", () -> 0);
    use.read(
        Unpooled.copiedBuffer(
            ("data: {'usage':" + usage + "}\n\n").replace('\'', '"').replace('`', '"'), UTF_8));
    use.end();

    CallUse known = use.of(1, new UsageModel("m"), asked);
    assertThat(known.fees().count(FeeKind.IMAGE)).isEqualTo(images);
    assertThat(known.usage().estimated().requests()).isEqualTo(stated.contains("executed") ? 0 : 1);
    assertThat(
            use.of(1, new UsageModel("m"), UnstatedUse.Asked.NOTHING).fees().count(FeeKind.IMAGE))
        .isZero();
  }

  /** Groq charges ten seconds for a shorter recording. */
  @Test
  void a_short_recording_is_charged_as_a_longer_one_even_if_its_length_is_stated() {
    AnswerUse use =
        new AnswerUse(
            WireFormat.OPENAI, HttpMethod.POST, "audio/transcriptions", Provider.GROQ.caps());
    use.answered(200);
    use.begin(new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "application/json"));
    use.read(Unpooled.copiedBuffer("{\"text\":\"hm\",\"usage\":{\"seconds\":2}}", UTF_8));
    use.end();

    CallUse known = use.of(900, new UsageModel("whisper-large-v3"), UnstatedUse.Asked.NOTHING);
    assertThat(known.fees()).isEqualTo(FeesUsed.of(FeeKind.AUDIO_MINUTE, 10_000));
    assertThat(known.evidence()).isEqualTo(CallUse.Evidence.STATED);
  }

  /** Answers of chats do not state these searches, but they follow from the request. */
  @ParameterizedTest
  @CsvSource({
    "gpt-4o-search-preview, 3, 3",
    "gpt-4o-search-preview, 1, 1",
    "gpt-5-search-api, 2, 2",
    "gpt-4o, 3, 0",
    "sonar, 3, 0"
  })
  void a_model_that_always_searches_does_so_before_each_answer(
      String answering, long answers, long searches) {
    UnstatedUse.Asked asked = new UnstatedUse.Asked(false, 0, FeesUsed.NONE, 1, answers, false, 0);
    AnswerUse use = streaming(WireFormat.OPENAI, "chat/completions", () -> 0);
    use.read(
        Unpooled.copiedBuffer(
            "data: {\"model\":\"%s\",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":9}}\n\n"
                .formatted(answering),
            UTF_8));
    use.end();

    for (String called : new String[] {"gpt-4o", "gpt-4o-search-preview"}) {
      CallUse known = use.of(1, new UsageModel(called), asked);
      assertThat(known.fees().count(FeeKind.WEB_SEARCH))
          .as("called %s", called)
          .isEqualTo(searches);
      assertThat(known.usage().estimated().requests()).isZero();
    }
  }

  /** Streams whose usage comes early, comes twice or shrinks. */
  @ParameterizedTest
  @CsvSource({
    "OPENAI, UT, UNKNOWN 7",
    "OPENAI, TU, STATED 7",
    "OPENAI, TUTV, STATED 9",
    "OPENAI, TVU, STATED 7",
    "OPENAI, TTTTTTTTTUTT, UNKNOWN 11",
    "GEMINI, UT, UNKNOWN 7",
    "GEMINI, TV, STATED 9",
    "GEMINI, TVU, STATED 7",
    "GEMINI, TVUT, UNKNOWN 7"
  })
  void the_last_usage_counts_if_no_text_follows_it(WireFormat format, String events, String use) {
    boolean isGemini = format == WireFormat.GEMINI;
    AnswerUse streamed =
        isGemini
            ? streaming(format, "v1beta/models/m:streamGenerateContent", () -> 0)
            : streaming(format, "chat/completions", () -> 0);
    String usage =
        isGemini
            ? "{'usageMetadata':{'promptTokenCount':5,'candidatesTokenCount':%d}}"
            : "{'choices':[],'usage':{'prompt_tokens':5,'completion_tokens':%d}}";
    String text =
        isGemini
            ? "{'candidates':[{'content':{'parts':[{'text':'a'}]}}]}"
            : "{'choices':[{'delta':{'content':'a'}}]}";
    for (char event : events.toCharArray()) {
      String data = event == 'T' ? text : usage.formatted(event == 'U' ? 7 : 9);
      streamed.read(Unpooled.copiedBuffer("data: " + data.replace('\'', '"') + "\n\n", UTF_8));
    }
    streamed.end();

    CallUse known = streamed.of(900, new UsageModel("m"), UnstatedUse.Asked.NOTHING);
    assertThat(known.evidence() + " " + known.usage().output()).isEqualTo(use);
  }

  /** The use of an answer that begins to stream. */
  private static AnswerUse streaming(LongSupplier nanos) {
    return streaming(WireFormat.ANTHROPIC, "v1/messages", nanos);
  }

  private static AnswerUse streaming(WireFormat format, String path, LongSupplier nanos) {
    AnswerUse use = new AnswerUse(format, HttpMethod.POST, path, ObeyedCaps.LEAST, nanos);
    HttpHeaders headers =
        new DefaultHttpHeaders().set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream");
    use.answered(200);
    use.begin(headers);
    use.follow(headers);
    return use;
  }
}
