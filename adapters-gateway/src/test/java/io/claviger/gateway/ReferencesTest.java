package io.claviger.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.names.Attribution;
import io.claviger.domain.names.NamingRules;
import io.claviger.domain.names.PromptCache;
import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.policy.KeySource;
import io.claviger.domain.standards.WireFormat;
import io.claviger.stub.RecordedRequest;
import io.claviger.testkit.http.TestResponse;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests calls that refer to objects that others might have stored in the same account. */
class ReferencesTest {
  private static final String RESPONSE = "resp_0123456789abcdef0123";

  @AutoClose private final Rig rig = new Rig();

  @BeforeEach
  void lend() {
    rig.lend(rig.at(WireFormat.OPENAI));
  }

  @Test
  void a_reference_to_anything_is_refused_with_the_same_bytes() {
    TestResponse one = refused(404, "object_not_found", "{\"conversation\":\"conv_1\"}");
    TestResponse other = refused(404, "object_not_found", "{\"conversation\":{\"id\":\"x\"}}");

    assertThat(one.body()).isEqualTo(other.body());
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_previous_response_is_missing_as_it_is_at_the_provider() {
    TestResponse answer =
        refused(
            400,
            "previous_response_not_found",
            "{\"model\":\"m\",\"previous_response_id\":\"" + RESPONSE + "\"}");

    assertThat(answer.body())
        .startsWith(
            "{\"error\":{\"message\":\"Previous response with id '"
                + RESPONSE
                + "' not found.\",\"type\":\"invalid_request_error\","
                + "\"param\":\"previous_response_id\",\"code\":\"previous_response_not_found\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"Conversation\":\"conv_1\"}",
        "{\"conversation\":1}",
        "{\"conversation\":[\"conv_1\"]}",
        "{\"conversation\":\"a\",\"conversation\":\"a\"}",
        "{\"previousResponseId\":\"a\"}",
        "{\"tools\":[{\"type\":\"file_search\",\"vector_store_ids\":\"vs_1\"}]}"
      })
  void a_reference_that_readers_may_understand_differently_is_refused(String body) {
    refused(400, "reference_not_readable", body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '^',
      value = {
        "{\"kv_transfer_params\":{\"remote_engine_id\":\"a\"}} ; With the member kv_transfer_params, a request could use",
        "{\"dataSources\":[{\"type\":\"azure_search\"}]} ; With the member data_sources, a request could use",
        "{\"vector_store_ids\":\"vs_1\"} ; what the member vector_store_ids refers to at",
        "{\"fileId\":\"file_1\"} ; what the member file_id refers to at",
        "{\"keep_alive\":{}} ; With the member keep_alive, a request could use",
        "{\"tools\":[{\"type\":7}]} ; each member that refers to something there must occur only once"
      })
  void the_member_that_is_refused_is_named(String body, String text) {
    assertThat(refused(400, "reference_not_readable", body).body()).contains(text);
  }

  @Test
  void a_text_that_is_too_long_for_a_reference_is_named_as_such() {
    assertThat(
            refused(400, "reference_not_readable", "{\"file_id\":\"" + "a".repeat(5_000) + "\"}")
                .body())
        .contains("The text in the member file_id is too long", "at most 1,024 characters");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '^',
      value = {
        "{\"preset\":\"x\"} ; refers, in the member preset, to something",
        "{\"input\":[{\"content\":[{\"image_url\":\"/srv/a.png\"}]}]} ; refers, in the member image_url, to something",
        "{\"perf_dump_path\":\"/srv/a\"} ; refers, in a member whose name ends with path, to something",
        "{\"new\":\"ag:f8:1:x:3\"} ; The request refers to something stored at the provider"
      })
  void the_member_with_what_is_never_lent_is_named(String body, String text) {
    assertThat(refused(404, "object_not_found", body).body()).contains(text);
  }

  @Test
  void the_id_of_an_item_that_comes_with_its_content_is_removed() {
    String sent =
        """
        {"model":"m","input":[{"id":"msg_1","type":"message","content":[]},\
        {"type":"function_call","id":"fc_1", "call_id":"c","arguments":"{}"},\
        {"type":"configuration_update","id":"cu_1","reasoning":{"effort":"low"}},\
        {"type":"reasoning","encrypted_content":"x", "summary":[], "id":"rs_1"}]}""";
    assertThat(rig.post("responses", sent).status()).isEqualTo(200);

    assertThat(rig.stub.requests().getFirst().text())
        .isEqualTo(
            """
            {"model":"m","input":[{"type":"message","content":[]},\
            {"type":"function_call", "call_id":"c","arguments":"{}"},\
            {"type":"configuration_update","reasoning":{"effort":"low"}},\
            {"type":"reasoning","encrypted_content":"x", "summary":[]}]}""");
  }

  /** The provider finds the request by the id in the approval, so both get the same other id. */
  @Test
  void an_approval_still_names_its_request() {
    String sent =
        """
        {"model":"m","input":[\
        {"type":"mcp_approval_request","id":"mcpr_of_bob","name":"n","arguments":"{}"},\
        {"approval_request_id":"mcpr_of_carol","type":"mcp_approval_response","approve":false},\
        {"type":"mcp_call","id":"mcp_1","approval_request_id":"mcpr_of_bob","arguments":"{}"},\
        {"type":"mcp_approval_response","approve":true,"approval_request_id":"mcpr_of_bob"},\
        {"arguments":"{}","type":"mcp_approval_request", "id": "mcpr_of_carol"},\
        {"type":"mcp_approval_request","id":"mcpr_of_dave","arguments":"{}"}]}""";
    assertThat(rig.post("responses", sent).status()).isEqualTo(200);

    assertThat(rig.stub.requests().getFirst().text())
        .isEqualTo(
            """
            {"model":"m","input":[\
            {"type":"mcp_approval_request","id":"mcpr_1","name":"n","arguments":"{}"},\
            {"approval_request_id":"mcpr_2","type":"mcp_approval_response","approve":false},\
            {"type":"mcp_call","approval_request_id":"mcpr_1","arguments":"{}"},\
            {"type":"mcp_approval_response","approve":true,"approval_request_id":"mcpr_1"},\
            {"arguments":"{}","type":"mcp_approval_request", "id": "mcpr_2"},\
            {"type":"mcp_approval_request","arguments":"{}"}]}""");
  }

  /** The provider could look for an approval request that is not in the request. */
  @Test
  void an_approval_names_no_request_that_it_does_not_come_with() {
    String sent =
        """
        {"model":"m","input":[\
        {"type":"mcp_approval_request","id":"mcpr_of_bob","name":"n","arguments":"{}"},\
        {"type":"mcp_approval_response","approve":true,"approval_request_id":"mcpr_of_carol"},\
        {"type":"mcp_call","approval_request_id":"mcpr_of_carol","arguments":"{}"},\
        {"type":"mcp_call","approval_request_id":"","arguments":"{}"},\
        {"type":"mcp_call","approval_request_id":null,"arguments":"{}"},\
        {"type":"mcp_call","approval_request_id":"mcpr_of_dave","arguments":"{}"}]}""";
    assertThat(rig.post("responses", sent).status()).isEqualTo(400); // the stub knows none

    assertThat(rig.stub.requests().getFirst().text())
        .isEqualTo(
            """
            {"model":"m","input":[\
            {"type":"mcp_approval_request","name":"n","arguments":"{}"},\
            {"type":"mcp_approval_response","approve":true,"approval_request_id":"mcpr_1"},\
            {"type":"mcp_call","approval_request_id":"mcpr_1","arguments":"{}"},\
            {"type":"mcp_call","approval_request_id":"","arguments":"{}"},\
            {"type":"mcp_call","approval_request_id":null,"arguments":"{}"},\
            {"type":"mcp_call","approval_request_id":"mcpr_2","arguments":"{}"}]}""");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[\"mcpr_bobs\"]", "{\"id\":\"mcpr_bobs\"}", "7", "true", "LONG"})
  void an_approval_of_something_that_is_no_id_is_refused(String named) {
    String item = "{\"type\":\"mcp_approval_response\",\"approval_request_id\":%s}";
    String id = named.replace("LONG", "\"" + "m".repeat(3_000) + "\"");
    String body = "{\"model\":\"m\",\"input\":[" + item.formatted(id) + "]}";

    assertThat(rig.post("responses", body).status()).isEqualTo(400);
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"item_reference\",\"id\":\"msg_1\"}",
        "{\"id\":\"msg_1\"}",
        "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"content\":[]}",
        "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"encrypted_content\":null}"
      })
  void an_item_without_its_content_is_refused(String item) {
    TestResponse answer =
        refused(404, "object_not_found", "{\"model\":\"m\",\"input\":[" + item + "]}");

    assertThat(answer.body()).contains("This service stores nothing; send the items themselves");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_part_has_no_name_under_which_others_could_find_it(boolean lendsResponses) {
    TestService lent = rig.at(WireFormat.OPENAI);
    rig.lend(lendsResponses ? lent.storing(ObjectKind.RESPONSES) : lent);
    String sent =
        """
        {"model":"m","uuid":"a","messages":[{"role":"user","content":[{"uuid":"u", "type":"image_url",\
        "image_url":{"url":"https://example.com/x"}},{"type":"text","text":"uuid","uuid":"v"}]},\
        {"role":"assistant","tool_calls":[{"function":{"arguments":"{}"},"uuid":"c"}]}]}""";
    assertThat(rig.post("chat/completions", sent).status()).isEqualTo(200);

    assertThat(rig.stub.requests().getFirst().text())
        .isEqualTo(sent.replace("\"uuid\":\"u\", ", "").replace(",\"uuid\":\"v\"", ""));
  }

  /**
   * The files of a vector store need not be the caller's, and the provider never sees their ids.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void an_answer_that_cites_files_can_be_sent_back_without_their_ids(boolean lendsResponses) {
    TestService lent = rig.at(WireFormat.OPENAI);
    rig.lend(lendsResponses ? lent.storing(ObjectKind.RESPONSES) : lent);
    String citations =
        """
        [{"type":"url_citation","url":"https://example.org"},{"type":"file_citation","index":0,\
        "file_id":"file-0123456789abcdefX","filename":"a [1].txt"},{"type":"file_path","file_id":"x",\
        "index":0,"image_url":{"content_hash":"h","url":"https://example.org"}} ]""";
    String sent =
        """
        {"model":"m","store":false,"input":[{"type":"message","role":"assistant","content":[\
        {"type":"output_text","text":"t","annotations":%s},\
        {"type":"output_text","text":"t","annotations":[{"type":"url_citation","url":"u"}]},\
        {"type":"output_text","annotations":  %s ,"text":"t"}]},\
        {"type":"file_search_call","queries":["q"],"results":[{"file_id":"x","text":"a"},\
        {"text":"b","file_id":"file-0123456789abcdefX"},{"score":1,"file_id":null,"text":"c"}]}]}""";

    assertThat(rig.post("responses", sent.formatted(citations, citations)).status()).isEqualTo(200);

    assertThat(rig.stub.requests().getFirst().text())
        .isEqualTo(
            sent.formatted("[]", "[]")
                .replace("\"file_id\":\"x\",", "")
                .replace(",\"file_id\":\"file-0123456789abcdefX\"", "")
                .replace(",\"file_id\":null", ""));
  }

  @Test
  void other_references_in_citations_count() {
    rig.lend(rig.at(WireFormat.OPENAI));
    String body =
        """
        {"model":"m","input":[{"role":"assistant","content":[{"type":"output_text","text":"t",\
        "annotations":[%s]}]}]}""";
    refused(
        404,
        "object_not_found",
        body.formatted(
            "{\"type\":\"container_file_citation\",\"container_id\":\"c\",\"file_id\":\"cfile_1\"}"));
    refused(400, "reference_not_readable", body.formatted("{\"file_ids\":7}"));
  }

  @Test
  void a_picture_is_not_found_by_a_hash_that_a_caller_states() {
    rig.lend(rig.at(WireFormat.OPENAI));
    String hash = ",\"content_hash\":\"sha256:%s\"".formatted("ab".repeat(32));
    String picture = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://example.com/x\"%s}}";
    String chat =
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[" + picture + "]}]}";
    String ranking = "{\"model\":\"m\",\"query\":\"q\",\"documents\":[[" + picture + "]]}";
    rig.post("chat/completions", chat.formatted(hash));
    rig.post("rerank", ranking.formatted(hash));

    assertThat(rig.stub.requests())
        .extracting(RecordedRequest::text)
        .containsExactly(chat.formatted(""), ranking.formatted(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1000", "7.5", "null", "\"high\""})
  void nobody_comes_before_others(String priority) {
    rig.lend(rig.at(WireFormat.OPENAI));
    String kept = "{\"model\":\"m\"%s,\"messages\":[{\"role\":\"user\",\"content\":\"priority\"}]}";
    TestResponse unused = rig.post("chat/completions", kept.formatted(",\"priority\":" + priority));

    assertThat(rig.stub.requests().getFirst().text()).isEqualTo(kept.formatted(""));
  }

  @ParameterizedTest
  @CsvSource({"chat/completions, rid", "responses, request_id"})
  void nobody_chooses_the_id_by_which_a_server_ends_calls(String path, String member) {
    rig.lend(rig.at(WireFormat.OPENAI));
    String kept = "{\"model\":\"m\"%s,\"metadata\":{\"rid\":\"a\",\"request_id\":\"a\"}}";
    TestResponse unused = rig.post(path, kept.formatted(",\"" + member + "\":\"a\""));

    assertThat(rig.stub.requests().getFirst().text()).isEqualTo(kept.formatted(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '^',
      value = {
        "{\"rid\":\"a\",\"priority\":1,\"request_id\":\"b\",\"model\":\"m\"} ; {\"model\":\"m\"}",
        "{ \"rid\" : \"a\" , \"priority\" : 1 , \"model\" : \"m\" } ; { \"model\" : \"m\" }",
        "{\"model\":\"m\",\"rid\":\"a\",\"priority\":1} ; {\"model\":\"m\"}",
        "{\"priority\":1,\"model\":\"m\",\"rid\":\"a\",\"n\":1} ; {\"model\":\"m\",\"n\":1}",
        "{\"rid\":\"a\",\"priority\":1} ; {}"
      })
  void several_members_are_left_out_of_one_object(String body, String sent) {
    rig.lend(rig.at(WireFormat.OPENAI));
    TestResponse unused = rig.post("chat/completions", body);

    assertThat(rig.stub.requests().getFirst().text()).isEqualTo(sent);
  }

  /** One server serves everybody. It does so by its own settings, whatever a borrower asks for. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '^',
      value = {
        "OLLAMA ; api/chat ; \"keep_alive\":0",
        "OLLAMA ; api/generate ; \"keep_alive\":\"-1m\"",
        "OLLAMA ; api/embed ; \"Keep_Alive\":-1",
        "OLLAMA ; api/generate ; \"shift\":false",
        "OPENAI ; chat/completions ; \"draft_num_predict\":1",
        "OPENAI ; chat/completions ; \"timeout\":0.001",
        "ANTHROPIC ; v1/messages ; \"stream_timeout\":0.001",
        "COHERE ; v2/chat ; \"mock_response\":\"litellm.RateLimitError\"",
        "OLLAMA ; api/embeddings ; \"\\u212aEEP_ALIVE\":null",
        "OPENAI ; chat/completions ; \"keep_alive\":0",
        "OPENAI ; chat/completions ; \"ttl\":1",
        "OPENAI ; chat/completions ; \"backend\":\"rwkv\"",
        "OPENAI ; chat/completions ; \"num_gpu\":0",
        "OPENAI ; embeddings ; \"use_mmap\":false",
        "OPENAI ; completions ; \"routed_dp_rank\":1",
        "OPENAI ; completions ; \"id_slot\":2",
        "OPENAI ; completions ; \"slot_id\":2",
        "OPENAI ; responses ; \"cache_prompt\":true",
        "OPENAI ; chat/completions ; \"n_cache_reuse\":1",
        "OPENAI ; chat/completions ; \"with_cache\":true",
        "OPENAI ; chat/completions ; \"preserve_cache\":true",
        "OPENAI ; completions ; \"genkey\":\"KCPP1\"",
        "OPENAI ; completions ; \"grammar_retain_state\":true",
        "ANTHROPIC ; v1/messages ; \"id_slot\":2",
        "ANTHROPIC ; v1/messages ; \"priority\":-9",
        "ANTHROPIC ; v1/messages ; \"keep_alive\":0",
        "COHERE ; v2/chat ; \"priority\":-9",
        "COHERE ; v2/rerank ; \"priority\":-9"
      })
  void nobody_changes_how_a_server_serves_others(WireFormat format, String path, String member) {
    rig.lend(rig.at(format));
    String kept = "{\"model\":\"m\"%s,\"prompt\":\"keep_alive\"}";
    TestResponse unused = rig.post(path, kept.formatted("," + member));

    assertThat(rig.stub.requests().getFirst().text()).isEqualTo(kept.formatted(""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '^',
      value = {
        "OLLAMA ; api/chat ; \"options\":{%s\"num_ctx\":8192} ; \"num_gpu\":0,",
        "OLLAMA ; api/chat ; \"options\":{\"num_predict\":9%s} ; ,\"num_thread\":1,\"use_mmap\":true",
        "OLLAMA ; api/generate ; \"Options\":{%s} ; \"num_batch\":1",
        "OLLAMA ; api/chat ; \"options\":{%s\"top_k\":3} ; \"draft_num_predict\":1,",
        "OPENAI ; chat/completions ; \"extra_body\":{%s\"top_k\":3} ; \"priority\":9,",
        "OPENAI ; chat/completions ; \"options\":{%s\"num_ctx\":8192} ; \"num_gpu\":0,",
        "OPENAI ; chat/completions ; \"fallbacks\":[{\"temperature\":1%s}] ; ,\"priority\":-9",
        "OPENAI ; chat/completions ; \"content_policy_fallbacks\":[{\"temperature\":1%s}] ; ,\"id_slot\":2",
        "ANTHROPIC ; v1/messages ; \"extra_body\":{\"top_k\":3%s} ; ,\"priority\":-9,\"id_slot\":2",
        "COHERE ; v2/rerank ; \"extra_body\":{%s} ; \"priority\":-9",
        "ANTHROPIC ; v1/messages ; \"diagnostics\":{%s} ; \"previous_message_id\":\"msg_01\"",
        "ANTHROPIC ; v1/messages ; \"diagnostics\":{%s} ; \"previous_message_id\":null",
        "OPENAI ; responses ; \"store\":false,\"prompt_cache_options\":{\"ttl\":\"30m\"%s} ; ,\"comparison_response_id\":\"resp_1\"",
        "OPENAI ; chat/completions ; \"nvext\":{%s\"top_k\":3} ; \"backend_instance_id\":7,",
        "OPENAI ; chat/completions ; \"nvext\":{\"agent_hints\":{\"osl\":9%s}} ; ,\"strict_priority\":1,\"priority\":9"
      })
  void nor_by_an_option(WireFormat format, String path, String options, String left) {
    rig.lend(rig.at(format));
    String kept = "{\"model\":\"m\"," + options + "}";
    TestResponse unused = rig.post(path, kept.formatted(left));

    assertThat(rig.stub.requests().getFirst().text()).isEqualTo(kept.formatted(""));
  }

  @Test
  void which_models_others_use_is_for_the_owners_of_a_server() {
    rig.lend(rig.at(WireFormat.OLLAMA));
    TestResponse answer = rig.get("api/ps");

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.headers().firstValue("x-claviger-error")).contains("operation_not_allowed");
    assertThat(answer.body()).contains("only the service's owners may call this");
    assertThat(rig.stub.requests()).isEmpty();

    rig.lend(rig.at(WireFormat.OLLAMA).calledBy(TestService.OWNER));
    assertThat(rig.get("api/ps").status()).isEqualTo(200);
  }

  /** What the gateway adds stands where a first member would be removed. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '^',
      value = {
        "{\"LEFT\":0,\"model\":\"m\"} ; {ADDED,\"model\":\"m\"}",
        "{ \"LEFT\" : 0 , \"model\" : \"m\" } ; {ADDED, \"model\" : \"m\" }",
        "{\"model\":\"m\",\"LEFT\":0,\"n\":1} ; {ADDED,\"model\":\"m\",\"n\":1}",
        "{ \"model\" : \"m\" , \"LEFT\" : 0 , \"n\" : 1 } ; {ADDED, \"model\" : \"m\" , \"n\" : 1 }",
        "{\"model\":\"m\",\"LEFT\":0} ; {ADDED,\"model\":\"m\"}",
        "{ \"model\" : \"m\" , \"LEFT\" : 0 } ; {ADDED, \"model\" : \"m\" }",
        "{\"LEFT\":0} ; {ADDED}",
        "{ \"LEFT\" : 0 } ; {ADDED  }",
        "{} ; {ADDED}",
        "{\"messages\":[{\"LEFT\":0}]} ; {ADDED,\"messages\":[{\"LEFT\":0}]}"
      })
  void a_field_is_added_wherever_a_member_is_left_out(String body, String sent) {
    rig.lend(rig.at(WireFormat.OPENAI).naming(adding(Provider.VLLM)));
    TestResponse ofVllm = rig.post("chat/completions", body.replace("LEFT", "priority"));
    rig.lend(rig.at(WireFormat.GEMINI).naming(adding(Provider.GOOGLE)));
    TestResponse ofGemini =
        rig.post("v1beta/models/m:generateContent", body.replace("LEFT", "name"));

    assertThat(List.of(ofVllm.status(), ofGemini.status())).containsOnly(200);
    assertThat(rig.stub.requests())
        .extracting(request -> request.text().replaceFirst("(\"cache_salt\":)\"[^\"]+\"", "$1SALT"))
        .containsExactly(
            sent.replace("ADDED", "\"cache_salt\":SALT").replace("LEFT", "priority"),
            sent.replace("ADDED", "\"store\":false").replace("LEFT", "name"));
  }

  private static NamingRules adding(Provider provider) {
    return new NamingRules(PromptCache.PER_CALLER, Attribution.ON, provider.adds());
  }

  /** vLLM ranks documents with pictures, and keeps these under the same names. */
  @ParameterizedTest
  @CsvSource({"OPENAI, rerank", "COHERE, v1/rerank", "COHERE, v2/rerank"})
  void a_picture_that_is_ranked_has_no_name_either(WireFormat format, String path) {
    rig.lend(rig.at(format));
    String sent =
        """
        {"model":"m","query":{"content":[{"uuid":"u","type":"image_url","image_url":null}]},"documents":["uuid",\
        {"content":[{"type":"image_url","uuid":"v"},{"type":"text","text":"t"}],"uuid":"w"}]}""";
    TestResponse unused = rig.post(path, sent);

    assertThat(rig.stub.requests().getFirst().text())
        .isEqualTo(sent.replace("\"uuid\":\"u\",", "").replace(",\"uuid\":\"v\"", ""));
  }

  @ParameterizedTest
  @CsvSource({"COHERE, v2/chat", "ANTHROPIC, v1/messages"})
  void a_picture_has_no_name_in_other_formats_either(WireFormat format, String path) {
    rig.lend(rig.at(format));
    String sent =
        """
        {"model":"m","uuid":"a","messages":[{"role":"user","content":[{"type":"image_url","image_url":null,"uuid":"u"}]}]}""";
    TestResponse unused = rig.post(path, sent);

    assertThat(rig.stub.requests().getFirst().text())
        .startsWith(sent.replace(",\"uuid\":\"u\"", "").substring(0, 60))
        .doesNotContain("\"u\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"moderations", "rerank"})
  void no_operation_of_openai_passes_a_reference_unread(String path) {
    rig.lend(rig.at(WireFormat.OPENAI));

    for (String body :
        List.of(
            "{\"model\":\"m\",\"input\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"file:///x\"}}]}",
            "{\"model\":\"m\",\"query\":\"q\",\"file_id\":\"x\"}")) {
      assertThat(rig.post(path, body).values("x-claviger-error"))
          .containsExactly("object_not_found");
    }
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_tool_that_nobody_knows_is_refused_by_its_name() {
    TestResponse answer =
        refused(
            400,
            "tool_not_known",
            "{\"tools\":[{\"type\":\"memory_search_preview\",\"scope\":\"user_42\"}]}");

    assertThat(answer.body()).contains("of the type memory_search_preview.");
  }

  @ParameterizedTest
  @CsvSource({"COHERE, v2/chat", "COHERE, v1/chat", "OLLAMA, api/chat"})
  void a_tool_that_nobody_knows_is_refused_in_formats_that_have_functions_alone(
      WireFormat format, String path) {
    rig.lend(rig.at(format));
    String body = "{\"model\":\"m\",\"tools\":[{\"type\":\"%s\",\"function\":{\"name\":\"f\"}}]}";

    TestResponse answer = rig.post(path, body.formatted("web_search"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.values("x-claviger-error")).containsExactly("tool_not_known");
    assertThat(rig.stub.requests()).isEmpty();
    TestResponse other = rig.post(path, body.formatted("function"));
    assertThat(other.values("x-claviger-error")).isEmpty();
    assertThat(rig.stub.requests()).hasSize(1);
  }

  @Test
  void a_tool_in_a_message_is_refused_like_every_other() {
    TestResponse answer =
        refused(
            400,
            "tool_not_known",
            "{\"messages\":[{\"role\":\"system\",\"tools\":[{\"type\":\"openrouter:files\"}]}]}");

    assertThat(answer.body()).contains("of the type openrouter:files.");
  }

  @Test
  void a_tool_without_a_type_is_refused() {
    TestResponse answer =
        refused(400, "tool_not_known", "{\"tools\":[{\"retrieval\":{\"scope\":\"user_42\"}}]}");

    assertThat(answer.body()).contains("does not know tools without a type.");
  }

  @Test
  void nothing_is_stored_and_published_with_a_key_of_others() {
    TestResponse answer =
        refused(403, "storage_not_lent", "{\"storage_options\":{\"filename\":\"a.png\"}}");

    assertThat(answer.body()).contains("No service can lend that.");
  }

  @Test
  void a_tool_that_makes_a_container_is_refused() {
    TestResponse answer =
        refused(
            403,
            "storage_not_lent",
            "{\"tools\":[{\"type\":\"code_interpreter\",\"container\":{\"type\":\"auto\"}}]}");

    assertThat(answer.body()).contains("alice/my-openai");
  }

  @ParameterizedTest
  @ValueSource(strings = {"models/file-0123456789abcdefX", "models/file%2D0123456789abcdefX"})
  void a_reference_in_the_path_is_refused(String path) {
    TestResponse answer = rig.get(path);

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.values("x-claviger-error")).containsExactly("object_not_found");
    assertThat(rig.stub.requests()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"file-0123456789abcdefX", "%66ile-0123456789abcdefX"})
  void a_reference_in_the_query_is_refused(String id) {
    TestResponse answer = rig.post("responses?beta=" + id, "{\"model\":\"m\"}");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(rig.post("responses?beta=true", "{\"model\":\"m\"}").status()).isEqualTo(200);
  }

  /** LiteLLM would send the key of a provider to that address. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "deployments/https://x.dev/chat/completions",
        "deployments/https%3A%2F%2Fx.dev/chat/completions",
        "deployments/huggingface%2Fhttps:%2F%2Fx.dev/chat/completions",
        "responses?model=https://x.dev",
        "responses?model=huggingface%2Fhttps%3A%2F%2Fx.dev"
      })
  void an_address_in_place_of_a_model_is_refused(String target) {
    assertThat(rig.post(target, "{\"model\":\"m\"}").status()).isEqualTo(400);
    assertThat(rig.stub.requests()).isEmpty();
  }

  @Test
  void a_call_by_a_models_name_refers_to_no_more() {
    rig.routing.lead("m", "alice/my-openai", "parrot-small");
    String url = "/gateway/openai/v1/responses";
    String item = "{\"id\":\"msg_1\",\"role\":\"user\",\"content\":\"a\"}";
    TestResponse refused = routed(url, "{\"model\":\"m\",\"conversation\":\"conv_1\"}");

    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.values("x-claviger-error")).containsExactly("object_not_found");
    assertThat(routed(url, "{\"model\":\"m\",\"input\":[" + item + "]}").status()).isEqualTo(200);
    assertThat(rig.stub.requests().getFirst().text())
        .contains("\"input\":[{\"role\":\"user\",\"content\":\"a\"}]", "parrot-small");
  }

  private TestResponse routed(String url, String body) {
    return rig.anonymous()
        .send(
            "POST",
            url,
            BodyPublishers.ofString(body),
            "Authorization",
            "Bearer " + Rig.TOKEN,
            "Content-Type",
            "application/json");
  }

  @Test
  void a_form_passes_while_it_is_searched() {
    String parts = part("file\"; filename=\"a.wav", "x".repeat(3 << 20)) + part("model", "m");
    TestResponse passed = form(parts + "--b--\r\n");

    assertThat(passed.status()).isEqualTo(200);
    assertThat(rig.stub.requests().getFirst().bodyBytes()).isEqualTo(parts.length() + 7);
  }

  @ParameterizedTest
  @CsvSource({
    "file_id, f47ac10b, 404",
    "File_Id, f47ac10b, 400",
    "new[file_id], f47ac10b, 400",
    "new, file-0123456789abcdefX, 404",
    "new[perf_dump_path], a.json, 404",
    "request_id, a, 400",
    "nvext[Agent_Hints][priority], 9, 400"
  })
  void a_reference_in_a_form_never_reaches_the_provider(String field, String value, int status) {
    TestResponse answer =
        form(part("file\"; filename=\"a.wav", "x".repeat(300_000)) + part(field, value) + "--b--");

    assertThat(answer.status()).describedAs(answer.body()).isEqualTo(status);
    assertThat(rig.stub.requests()).noneMatch(RecordedRequest::complete);
  }

  @Test
  void a_reference_in_a_form_is_found_in_a_field_without_quotes() {
    TestResponse answer = form(part("file_id", "f47ac10b").replace("\"", "") + "--b--\r\n");

    assertThat(answer.status()).describedAs(answer.body()).isEqualTo(404);
  }

  /** A signed address is long, and so is a picture that is sent as data. */
  @ParameterizedTest
  @ValueSource(strings = {"https://example.com/?", "data:image/png;base64,", "iVBORw0KGgo"})
  void the_beginning_of_a_long_picture_in_a_form_is_enough(String begin) {
    String picture = begin + "a".repeat(2_000);
    String parts = part("file\"; filename=\"a.wav", "x") + part("image_url", picture);

    assertThat(form(parts + "--b--\r\n").status()).isEqualTo(200);
    assertThat(rig.stub.requests().getFirst().bodyBytes()).isEqualTo(parts.length() + 7);
  }

  @ParameterizedTest
  @CsvSource({"image_url, 404", "character, 404", "perf_dump_path, 404", "file_id, 400"})
  void the_beginning_of_a_long_name_of_a_file_is_not_enough(String field, int status) {
    String name = "a".repeat(2_000) + "/../../x.png";
    TestResponse answer =
        form(part("file\"; filename=\"a.wav", "x") + part(field, name) + "--b--\r\n");

    assertThat(answer.status()).describedAs(answer.body()).isEqualTo(status);
    assertThat(rig.stub.requests()).noneMatch(RecordedRequest::complete);
  }

  @Test
  void the_picture_of_a_form_is_no_name_of_a_file() {
    String parts = part("image[]\"; filename=\"a.png", "x".repeat(2_000)) + part("model", "m");

    assertThat(form(parts + "--b--\r\n").status()).isEqualTo(200);
  }

  @Test
  void a_form_that_can_be_divided_in_two_ways_is_refused() {
    TestResponse answer = form(part("model", "m") + "x--b--\r\n" + part("file_id", "x") + "--b--");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.values("x-claviger-error")).containsExactly("body_not_readable");
  }

  private TestResponse form(String body) {
    return rig.post(
        "audio/transcriptions", body, "Content-Type", "multipart/form-data; boundary=b");
  }

  private static String part(String name, String content) {
    return "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(name, content);
  }

  @Test
  void a_caller_with_a_key_of_their_own_refers_to_what_they_like() {
    rig.lend(rig.at(WireFormat.OPENAI).from(KeySource.USER));
    String body =
        "{\"model\":\"m\",\"input\":[{\"id\":\"msg_1\"}],\"conversation\":\"conv_1\",\"id_slot\":2}";
    rig.post("responses", body);

    assertThat(rig.stub.requests().getFirst().text()).isEqualTo(body);
  }

  private TestResponse refused(int status, String code, String body) {
    TestResponse answer = rig.post("responses", body);
    assertThat(answer.status()).describedAs(answer.body()).isEqualTo(status);
    assertThat(answer.values("x-claviger-error")).containsExactly(code);
    assertThat(rig.stub.requests()).isEmpty();
    return answer;
  }
}
