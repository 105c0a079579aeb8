package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.claviger.domain.definitions.Provider;
import io.claviger.domain.spending.BodyUse;
import io.claviger.domain.spending.OperationKind;
import io.claviger.domain.spending.RequestedFees;
import io.claviger.domain.spending.RequestedUse;
import io.claviger.domain.spending.UnstatedUse;
import io.claviger.domain.standards.WireFormat;
import io.claviger.domain.usage.FeeKind;
import io.claviger.domain.usage.FeesUsed;
import io.claviger.domain.usage.ServiceTier;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which tiers and fees a request allows. */
class RequestedFeesTest {
  private static final String GENERATE = "v1beta/models/m:generateContent";
  private static final String COMPUTER_TOOL = "{`model`:`m`,`tools`:[{`type`:`computer`}]}";
  private static final String EVERY_TOOL =
      " code_interpreter=1 computer_use=%1$s file_search=%1$s grounding=%1$s image=%1$s"
          + " web_search=%1$s";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | chat/completions | {} | other",
        "OPENAI | chat/completions | {`service_tier`:null} | other",
        "OPENAI | chat/completions | {`service_tier`:`auto`} | other",
        "OPENAI | chat/completions | {`service_tier`:`AUTO`} | other",
        "OPENAI | chat/completions | {`service_tier`:``} | other",
        "OPENAI | chat/completions | {`service_tier`:`default`} | standard",
        "OPENAI | chat/completions | {`service_tier`:`on_demand`} | standard",
        "OPENAI | responses | {`service_tier`:`flex`} | flex standard",
        "BEDROCK | model/m/converse | {} | standard",
        "BEDROCK | model/m/converse | {`serviceTier`:{`type`:`default`}} | standard",
        "BEDROCK | model/m/converse | {`serviceTier`:{`type`:`priority`}} | priority standard",
        "BEDROCK | model/m/converse | {`performanceConfig`:{`latency`:`optimized`}} |"
            + " optimized standard",
        "BEDROCK | model/m/converse | {`performanceConfig`:{`latency`:`standard`}} | standard",
        "OPENAI | responses | {`service_tier`:`priority`} | priority standard",
        "OPENAI | responses | {`service_tier`:`fast`} | priority standard",
        "OPENAI | responses | {`service_tier`:`scale`} | scale standard",
        "OPENAI | responses | {`service_tier`:`ultrafast`} | standard ultrafast",
        "OPENAI | responses | {`service_tier`:`ultra fast`} | other standard",
        // A setting at the provider might choose a tier that costs even more.
        "OPENAI | chat/completions | {`speed`:`fast`} | other priority standard",
        "OPENAI | chat/completions | {`service_tier`:null,`speed`:`fast`} | other priority standard",
        "OPENAI | chat/completions | {`service_tier`:`auto`,`speed`:`fast`} |"
            + " other priority standard",
        "OPENAI | responses | {`service_tier`:`default`,`speed`:`fast`} | priority standard",
        "OPENAI | chat/completions | {`service_tier`:`flex`,`speed`:`FAST`} |"
            + " flex priority standard",
        "OPENAI | completions | {`speed`:`turbo`} | other standard turbo",
        "OPENAI | chat/completions | {`speed`:`standard`} | other",
        "OPENAI | chat/completions | {`speed`:`flex`} | other",
        "OPENAI | audio/speech | {`speed`:1.5} | other",
        "OPENAI | chat/completions | {`speed`:1.5} | other",
        "OPENAI | responses | {`speed`:2,`service_tier`:`flex`} | flex standard",
        "OPENAI | chat/completions | {`model`:`a/b:nitro`} | other priority",
        "OPENAI | chat/completions | {`model`:`a/b`,`models`:[`c/d:nitro`]} | other priority",
        "OPENAI | responses | {`model`:`a/b:nitro`,`service_tier`:`flex`} |"
            + " flex priority standard",
        "OPENAI | chat/completions | {`model`:`a/b:nitro:online`} | other priority",
        "OPENAI | chat/completions | {`model`:`a/b:nitrogen`} | other",
        "ANTHROPIC | v1/messages | {`model`:`a/b:nitro`} | other priority",
        "OLLAMA | api/chat | {`model`:`mine:nitro`} | other",
        "OPENAI | responses | {`serv\\u0069ce_tier`:`flex`} | flex standard",
        "OPENAI | responses | {`input`:`service_tier`,`metadata`:{`service_tier`:`flex`}} | other",
        "OPENAI | responses | {`input`:[{`role`:`user`,`service_tier`:`flex`}]} | other",
        "ANTHROPIC | v1/messages | {} | other",
        "ANTHROPIC | v1/messages | {`service_tier`:`auto`} | other",
        "ANTHROPIC | v1/messages | {`service_tier`:`standard_only`} | standard us",
        "ANTHROPIC | v1/messages | {`speed`:`standard`} | other",
        "ANTHROPIC | v1/messages | {`speed`:`fast`} | fast fast.us",
        "ANTHROPIC | v1/messages | {`service_tier`:`standard_only`,`speed`:`fast`} | fast fast.us",
        "ANTHROPIC | v1/messages | {`speed`:`fast`,`service_tier`:`auto`} | fast fast.us",
        "ANTHROPIC | v1/messages | {`inference_geo`:`us`,`speed`:`fast`} | fast.us",
        "ANTHROPIC | v1/messages | {`speed`:`fast`,`inference_geo`:`global`} | fast",
        "ANTHROPIC | v1/messages | {`inference_geo`:`global`} | other",
        "ANTHROPIC | v1/messages | {`inference_geo`:`us`} | us",
        "ANTHROPIC | v1/messages | {`speed`:null,`inference_geo`:null} | other",
        "ANTHROPIC | v1/messages | {`service_tier`:`standard_only`,`inference_geo`:`us`} | us",
        "ANTHROPIC | v1/messages | {`service_tier`:`standard_only`,`inference_geo`:`global`} |"
            + " standard",
        "ANTHROPIC | v1/messages | {`service_tier`:`standard_only`,`inference_geo`:null} |"
            + " standard us",
        "GEMINI | v1beta/models/m:generateContent | {} | standard",
        "GEMINI | v1beta/models/m:generateContent | {`serviceTier`:`flex`} | flex standard",
        "GEMINI | v1beta/models/m:generateContent | {`service_tier`:`SERVICE_TIER_PRIORITY`} |"
            + " priority standard",
        "GEMINI | v1beta/models/m:generateContent | {`serviceTier`:`unspecified`} | standard",
      })
  void tiers_are_read_where_the_provider_reads_them(
      WireFormat format, String path, String body, String tiers) {
    RequestedUse use = read(format, path, body).orElseThrow();

    assertThat(
            use.tiers().stream().map(ServiceTier::name).sorted().collect(Collectors.joining(" ")))
        .isEqualTo(tiers);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`service_tier`:`default`,`service_tier`:`priority`}",
        "{`service_tier`:null,`service_tier`:`priority`}",
        "{`Service_Tier`:`default`}",
        "{`serviceTier`:`default`}",
        "{`service_tier`:[`priority`]}",
        "{`service_tier`:{`name`:`priority`}}",
        "{`service_tier`:7}",
        "{`speed`:`standard`,`speed`:`fast`}",
        "{`Speed`:`fast`}",
        "{`speed`:1.5,`speed`:`fast`}",
        "{`speed`:[1.5]}",
        "{`speed`:true}",
        "{`service_tier`:true}"
      })
  void a_body_that_may_ask_for_two_tiers_is_not_readable(String body) {
    assertThat(read(WireFormat.OPENAI, "chat/completions", body)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{`tools`:[%s]}", "{`input`:[{`type`:`additional_tools`,`tools`:[%s]}]}"})
  void a_tool_that_states_many_amounts_of_memory_is_not_readable(String body) {
    String memory =
        IntStream.range(0, 33)
            .mapToObj(i -> "`memory_limit`:`%sg`".formatted(i))
            .collect(Collectors.joining(","));
    String tool = "{`type`:`code_interpreter`,`container`:{%s}}".formatted(memory);

    assertThat(read(WireFormat.OPENAI, "responses", body.formatted(tool))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "`model`:`gpt-4o-search-preview`,`n`:3 | 3 | 3",
        "`model`:`gpt-4o-search-preview` | 1 | 1",
        "`model`:`gpt-4o`,`models`:[`gpt-4o-search-preview`],`n`:3 | 3 | 3",
        "`model`:`gpt-4o-search-preview`,`models`:[`gpt-4o`],`n`:2 | 2 | 2",
        "`model`:`sonar`,`n`:3 | 3 | 3",
        "`model`:`gpt-4o`,`n`:3 | 3 | 0"
      })
  void the_answering_model_may_search_before_each_of_several_answers(
      String members, long answers, long searches) {
    RequestedUse use =
        read(WireFormat.OPENAI, "chat/completions", "{" + members + "}").orElseThrow();

    assertThat(use.unstated().answers()).isEqualTo(answers);
    assertThat(use.unstated().tools().isNone()).isTrue();
    assertThat(use.feesAtMost().count(FeeKind.WEB_SEARCH)).isEqualTo(searches);
  }

  @Test
  void the_containers_that_tools_name_are_found() {
    String body =
        "{`tools`:[{`type`:`code_interpreter`,`container`:`cntr_1`},{`type`:`shell`,`environment`:"
            + "{`type`:`container_reference`,`container_id`:`cntr_2`}},{`type`:`function`,"
            + "`parameters`:{`container`:`cntr_3`}}],`input`:[{`type`:`code_interpreter_call`,"
            + "`container_id`:`cntr_4`}]}";

    assertThat(bodyUse(WireFormat.OPENAI, "responses", body).containers())
        .containsExactlyInAnyOrder("cntr_1", "cntr_2");
  }

  /** Bedrock has the tier of an invocation in a header, which the gateway does not pass on. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "invoke | {`service_tier`:`priority`}",
        "invoke | {`serviceTier`:`flex`}",
        "invoke | {`speed`:`fast`}",
        "invoke-with-response-stream | {`inference_geo`:`us`}",
        "converse | {`serviceTier`:`priority`}",
        "converse | {`performanceConfig`:true}",
        "converse | {`additionalModelRequestFields`:{`service_tier`:`priority`}}",
        "converse-stream | {`additionalModelRequestFields`:{`speed`:`fast`}}"
      })
  void bodies_of_bedrocks_models_choose_no_tier(String operation, String body) {
    String path = "model/anthropic.claude-v1:0/" + operation;

    assertThat(read(WireFormat.BEDROCK, path, "{}")).isPresent();
    assertThat(read(WireFormat.BEDROCK, path, body)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | ''",
        "{`tools`:[{`type`:`function`,`name`:`web_search`}]} | ''",
        "{`tools`:[{`type`:`web_search`}]} | web_search=32",
        "{`tools`:[{`type`:`web_search`}],`max_tool_calls`:3} | web_search=3",
        "{`tools`:[{`type`:`web_search`}],`max_tool_calls`:0} | ''",
        "{`max_tool_calls`:3,`tools`:[{`type`:`web_search_preview`,`search_context_size`:`low`}]} |"
            + " web_search:preview/low=3",
        "{`max_tool_calls`:3,`tools`:[{`type`:`web_search_preview_2025_03_11`},"
            + "{`type`:`web_search`}]} | web_search:preview=3 web_search=3",
        "{`max_tool_calls`:3,`tools`:[{`type`:`web_search_preview`,`search_context_size`:`%s`}]} |"
            + " web_search:dearest=3",
        "{`max_tool_calls`:3,`tools`:[{`search_context_size`:`high`,`type`:`web_search`}]} |"
            + " web_search:high=3",
        "{`max_tool_calls`:3,`tools`:[{`search_context_size`:`HIGH`,`type`:`web_search`}]} |"
            + " web_search:high=3",
        "{`max_tool_calls`:3,`tools`:[{`search_context_size`:`fetch`,`type`:`web_search`}]} |"
            + " web_search:dearest=3",
        "{`max_tool_calls`:3,`tools`:[{`search_context_size`:``,`type`:`web_search`}]} |"
            + " web_search:dearest=3",
        "{`max_tool_calls`:3,`tools`:[{`search_context_size`:null,`type`:`web_search`}]} |"
            + " web_search=3",
        "{`max_tool_calls`:3,`tools`:[{`search_context_size`:7,`type`:`web_search`}]} |"
            + " web_search:dearest=3",
        "{`max_tool_calls`:3,`tools`:[{`search_context_size`:true,`type`:`web_search`}]} |"
            + " web_search:dearest=3",
        "{`max_tool_calls`:3,`tools`:[{`search_context_size`:false,`type`:`web_search`}]} |"
            + " web_search:dearest=3",
        "{`max_tool_calls`:3,`tools`:[{`search_context_size`:{`a`:`low`},`type`:`web_search`}]} |"
            + " web_search:dearest=3",
        "{`max_tool_calls`:3,`tools`:[{`search_context_size`:[`low`],`type`:`web_search`}]} |"
            + " web_search:dearest=3",
        "{`max_tool_calls`:3,`tools`:[{`type`:`web_search`,`search_context_size`:`low`,"
            + "`search_context_size`:`high`}]} | web_search:dearest=3",
        "{`max_tool_calls`:3,`tools`:[{`type`:`web_search`,`searchContextSize`:`low`}]} |"
            + " web_search:dearest=3",
        "{`max_tool_calls`:4,`tools`:[{`type`:`file_search`},{`type`:`code_interpreter`}]} |"
            + " code_interpreter=1 file_search=4",
        "{`tools`:[{`type`:`code_interpreter`,`container`:{`type`:`auto`,`memory_limit`:`4g`}}]} |"
            + " code_interpreter:4g=1",
        "{`tools`:[{`environment`:{`memory_limit`:`64g`},`type`:`shell`}]} |"
            + " code_interpreter:64g=1",
        "{`tools`:[{`type`:`code_interpreter`,`container`:{`type`:`auto`}}]} | code_interpreter=1",
        "{`tools`:[{`type`:`computer`}]} | computer_use=32",
        "{`max_tool_calls`:2,`tools`:[{`type`:`computer_use_preview`},{`type`:`file_search`}]} |"
            + " computer_use=32 file_search=2",
        "{`tools`:[{`type`:`function`},{`type`:`local_shell`},{`type`:`apply_patch`}]} | ''",
        "{`tools`:[{`type`:`code_interpreter`,`container`:{`memory_limit`:`1g`},"
            + "`container`:`cntr_1`}]} | code_interpreter:1g=1 code_interpreter=1",
        "{`tools`:[{`type`:`code_interpreter`,`other`:{`memory_limit`:`1g`},"
            + "`container`:`cntr_1`}]} | code_interpreter=1",
        "{`tools`:[{`type`:`code_interpreter`,`container`:{`memory_limit`:`1g`,"
            + "`memory_limit`:`4g`}}]} | code_interpreter:1g=1 code_interpreter:4g=1"
            + " code_interpreter=1",
        "{`tools`:[{`type`:`code_interpreter`,`container`:{`memoryLimit`:`4g`}}]} |"
            + " code_interpreter:4g=1 code_interpreter=1",
        "{`input`:[{`type`:`additional_tools`,`role`:`developer`,`tools`:[{`type`:"
            + "`code_interpreter`,`container`:{`type`:`auto`,`memory_limit`:`64g`}}]}]} |"
            + " code_interpreter:64g=1 code_interpreter=1 computer_use=32 file_search=32"
            + " grounding=32 image=32 web_search=32",
        "{`input`:[{`type`:`message`,`memory_limit`:`64g`}]} | ''",
        "{`tools`:[{`type`:`code_interpreter`,`container`:{`memory_limit`:`64 G`}}]} |"
            + " code_interpreter:64g=1",
        "{`tools`:[{`type`:`code_interpreter`,`container`:`cntr_1`}]} | code_interpreter=1",
        "{`tools`:[{`type`:`code_interpreter`,`container`:[`cntr_1`]}]} | code_interpreter=1",
        "{`tools`:[{`type`:`code_interpreter`,`container`:{`memory_limit`:null}}]} |"
            + " code_interpreter=1",
        "{`tools`:[{`type`:`code_interpreter`,`container`:{`memory_limit`:64}}]} |"
            + " code_interpreter=1",
        "{`max_tool_calls`:0,`context_management`:[{`type`:`compaction`}]} |"
            + " code_interpreter=1 computer_use=32 file_search=32 grounding=32 image=32"
            + " web_search=32",
        "{`tools`:[{`type`:`browser_search`}]} | web_search=32",
        "{`tools`:[{`type`:`programmatic_tool_calling`}]} | ''",
        "{`tools`:[{`type`:`code_interpreter`,`container`:{`memory_limit`:`4g`}},"
            + "{`type`:`code_interpreter`}]} | code_interpreter:4g=1 code_interpreter=1",
        "{`tools`:[{`type`:`code_interpreter`,`container`:{`type`:`auto`}},"
            + "{`type`:`shell`,`environment`:{`type`:`container_auto`}}]} | code_interpreter=2",
        "{`tools`:[{`type`:`code_interpreter`},{`type`:`code_interpreter`},{`type`:`shell`}],"
            + "`max_tool_calls`:2} | code_interpreter=2",
        "{`n`:2,`tools`:[{`type`:`code_interpreter`},{`type`:`shell`}]} | code_interpreter=4",
        "{`tools`:[{`type`:`web_search`,`max_uses`:0},{`type`:`web_search`}]} | web_search=32",
        // The tool can read a longer prompt than the fee for an image covers.
        "{`max_tool_calls`:1,`tools`:[{`type`:`image_generation`}]} | image:usual=1 image=1",
        // To make the second image, the tool can read the first one.
        "{`max_tool_calls`:2,`tools`:[{`type`:`image_generation`}]} | image:usual=32 image=2",
        "{`max_tool_calls`:0,`tools`:[{`type`:`image_generation`}]} | ''",
        // The tool can read the images of the conversation.
        "{`max_tool_calls`:1,`tools`:[{`type`:`image_generation`,`quality`:`low`}],"
            + "`input`:[{`content`:[{`type`:`input_image`,`image_url`:`u`}]}]} |"
            + " image:usual=16 image=1",
        "{`tools`:[{`type`:`image_generation`}],`previous_response_id`:`r`} |"
            + " image:usual=32 image=32",
        "{`max_tool_calls`:1,`tools`:[{`type`:`web_search`}],`previous_response_id`:`r`} |"
            + " web_search=1",
        "{`max_tool_calls`:2,`tools`:[{`type`:`mcp`}]} | ''",
        // A stored prompt may bring any tool.
        "{`prompt`:{`id`:`pmpt_1`,`version`:`2`}} | code_interpreter=1 computer_use=32"
            + " file_search=32 grounding=32 image=32 web_search=32",
        "{`prompt`:`an id`,`input`:[{`id`:`msg_1`,`content`:`x`}]} | ''",
        "{`n`:3,`max_tool_calls`:2,`tools`:[{`type`:`web_search`}]} | web_search=6",
      })
  void tools_of_the_provider_have_fees_as_often_as_the_request_lets_it_use_them(
      String body, String fees) {
    assertThat(fees(WireFormat.OPENAI, "responses", body)).isEqualTo(fees);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ANTHROPIC | v1/messages | {`tools`:[{`type`:`web_search_20250305`,`max_uses`:5}]} |"
            + " web_search=5",
        "ANTHROPIC | v1/messages | {`tools`:[{`type`:`web_search_20250305`,`max_uses`:5},"
            + "{`type`:`web_search_20260209`,`max_uses`:2}]} | web_search=7",
        "ANTHROPIC | v1/messages | {`tools`:[{`type`:`web_search_20250305`,`max_uses`:5,"
            + "`max_uses`:9}]} | web_search=32",
        "ANTHROPIC | v1/messages | {`tools`:[{`type`:`web_fetch_20250910`}]} | ''",
        "ANTHROPIC | v1/messages | {`tools`:[{`type`:`code_execution_20250825`,`max_uses`:9}]} |"
            + " code_interpreter=1",
        "ANTHROPIC | v1/messages | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`web_search_20250305`,`max_uses`:5}}}]}]} |"
            + " web_search=5",
        "ANTHROPIC | v1/messages | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`web_search_20250305`}}}]}]} |"
            + " web_search=32",
        "ANTHROPIC | v1/messages | {`messages`:[{`role`:`user`,`content`:[{`type`:`compaction`,`content`:`t`,`tool_changes`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`code_execution_20250825`}}}]}]}]} |"
            + " code_interpreter=1",
        "ANTHROPIC | v1/messages | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`name`:`f`,`description`:`d`,`input_schema`:{`type`:`web_search_20250305`}}}}]}]} |"
            + " ''",
        "ANTHROPIC | v1/messages | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`agent_20260101`,`max_uses`:1}}}]}]} |"
            + " code_interpreter=1 computer_use=1 file_search=1 grounding=1 image=1 web_search=1",
        "ANTHROPIC | v1/messages | {`tools`:[{`type`:`web_search_20250305`,`max_uses`:2}],`messages`:[{`content`:[{`tool`:{`definition`:{`type`:`web_search_20250305`,`max_uses`:3}}}]}]} |"
            + " web_search=5",
        "ANTHROPIC | v1/messages | {`messages`:[{`content`:[{`tool`:{`definition`:[{`type`:`web_search_20250305`}]}}]}]} |"
            + " code_interpreter=1 computer_use=32 file_search=32 grounding=32 image=32 web_search=32",
        "ANTHROPIC | v1/messages | {`messages`:[{`content`:[{`offer`:{`type`:`web_search_20250305`}}]}]} |"
            + " code_interpreter=1 computer_use=32 file_search=32 grounding=32 image=32 web_search=32",
        "ANTHROPIC | v1/messages | {`messages`:[{`content`:[{`type`:`tool_use`,`input`:{`definition`:{`type`:`web_search_20250305`}}}]}]} |"
            + " ''",
        "ANTHROPIC | v1/messages | {`messages`:[{`content`:[{`type`:`server_tool_use`,`caller`:{`type`:`code_execution_20250825`}}]}]} |"
            + " ''",
        "ANTHROPIC | v1/messages | {`tools`:[{`type`:`computer_toolset_20260801`,"
            + "`configs`:{`zoom`:{`enabled`:true}}},"
            + "{`type`:`browser_toolset_20260801`,`configs`:{}}]} | ''",
        "ANTHROPIC | v1/messages | {`tools`:[{`type`:`computer_toolkit_20260801`}]} |"
            + " code_interpreter=1 computer_use=32 file_search=32 grounding=32 image=32"
            + " web_search=32",
        "GEMINI | v1beta/models/m:generateContent | {`tools`:[{`google_search`:{}}]} |"
            + " grounding=32",
        "GEMINI | v1beta/models/m:generateContent | {`tools`:[{`googleMaps`:{}},{`urlContext`:{}}]}"
            + " | grounding=32",
        "GEMINI | v1beta/models/m:generateContent | {`tools`:[{`functionDeclarations`:[]}]} | ''",
        "OPENAI | images/generations | {`n`:2,`quality`:`high`,`size`:`1024x1024`} |"
            + " image:high/1024x1024=2",
        "OPENAI | images/generations | {`size`:`auto`} | image=1",
        "OPENAI | images/generations | {`size`:`256x256`,`size`:`1024x1024`,`quality`:`low`} |"
            + " image:dearest=1",
        "OPENAI | images/generations | {`Quality`:`low`} | image:dearest=1",
        "OPENAI | images/generations | {`quality`:`high`,`Quality`:`low`} | image:dearest=1",
        "OPENAI | images/generations | {`quality`:[`high`]} | image:dearest=1",
        "OPENAI | images/generations | {`quality`:null,`size`:null} | image=1",
        "OPENAI | images/generations | {`quality`:` high `,`size`:`\\tauto`} | image:high=1",
        "OPENAI | images/generations | {`quality`:` `} | image:dearest=1",
        "OPENAI | images/generations | {`quality`:`high!`} | image:dearest=1",
        "OPENAI | images/generations | {`size`:`1024×1024`} | image:dearest=1",
        "OPENAI | images/generations | {`quality`:`low`,`size`:`1024 x 1024`} | image:dearest=1",
        "OPENAI | images/generations | {`quality`:`qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq`} |"
            + " image:dearest=1",
        "OPENAI | images/generations | {`quality`:`usual`} | image:dearest=1",
        "OPENAI | images/generations | {`n`:3,`resolution`:`2k`,`quality`:`medium`} |"
            + " image:medium/2k=3",
        "OPENAI | images/generations | {`size`:`1024x1024`,`resolution`:`2k`} | image:dearest=1",
        "OPENAI | audio/speech | {`input`:`Hi ☺ you`,`instructions`:`be nice`} | character=8",
        "OPENAI | audio/speech | {`input`:`a`,`input`:[`b`]} | character=27",
        "OPENAI | audio/speech | {`input`:`abc`,`voice_id`:`v`,`ref_audio`:`AAAA`} | character=3",
        "OPENAI | v1/audio/speech | {`input`:`abc`,`response_encoding`:`pcm_s16le`} | character=3",
        "OPENAI | audio/speech | {`input`:`abc`,`ref_text`:`AAAA`} | character=33",
        "OPENAI | audio/speech | {`voice`:`v`} | character=13",
        "OPENAI | ocr | {`pages`:[0,1,2]} | page=3",
        "OPENAI | ocr | {`pages`:[0],`pages`:`0-90`} | page=1000",
        "OPENAI | ocr | {`pages`:[0,`1-999`]} | page=1000",
        "OPENAI | ocr | {`pages`:[0,[1,999]]} | page=1000",
        "OPENAI | ocr | {`pages`:[{`from`:1},0]} | page=1000",
        "OPENAI | ocr | {`pages`:[0,true,2]} | page=1000",
        "OPENAI | ocr | {`pages`:[0,null]} | page=1000",
        "OPENAI | ocr | {`pages`:[0,-1]} | page=1000",
        "OPENAI | ocr | {`pages`:[1e3]} | page=1000",
        "OPENAI | ocr | {`pages`:[0.999]} | page=1000",
        "OPENAI | ocr | {} | page=1000",
        "OPENAI | ocr | {`pages`:[0,1],`bbox_annotation_format`:{`type`:`json_schema`}} |"
            + " page:annotated=2 page=2",
        "OPENAI | ocr | {`document_annotation_format`:{}} | page:annotated=1000 page=1000",
        "GEMINI | v1beta/models/m:predict | {`instances`:[{`prompt`:`p`}]} | image=4",
        "GEMINI | v1beta/models/m:predict | {`instances`:[{`prompt`:`p`}],"
            + "`parameters`:{`sampleCount`:3}} | image=3",
        "GEMINI | v1beta/models/m:predict | {`parameters`:{`sampleCount`:1},"
            + "`instances`:[{`prompt`:`p`}]} | image=1",
        "GEMINI | v1beta/models/m:predict | {`instances`:[{`prompt`:`p`},{`prompt`:`q`}],"
            + "`parameters`:{`sample_count`:`2`}} | image=4",
        "BEDROCK | model/stability.stable-image-ultra-v1:1/invoke | {`prompt`:`a cat`} | image=1",
        "BEDROCK | model/amazon.nova-canvas-v1:0/invoke | {`textToImageParams`:{`text`:`a cat`},"
            + "`imageGenerationConfig`:{`numberOfImages`:3,`width`:1024}} | image=3",
        "VERTEX | publishers/google/models/imagen-4:rawPredict | {`instances`:[{`prompt`:`p`}],"
            + "`parameters`:{`sampleCount`:3}} | image=3",
        "VERTEX | publishers/google/models/imagen-4:streamRawPredict |"
            + " {`instances`:[{`prompt`:`p`},{`prompt`:`q`}]} | image=8",
        "VERTEX | publishers/mistralai/models/mistral-ocr-2505:rawPredict |"
            + " {`model`:`mistral-ocr-2505`,`pages`:[0,1]} | page=2",
        "VERTEX | publishers/mistralai/models/mistral-ocr-2505:rawPredict | {} | page=1000",
        "OPENAI | rerank | {`query`:`q`,`documents`:[`a`,`b`]} | search=1",
        "COHERE | v2/rerank | {`query`:`q`,`documents`:[`a`,`b`]} | search=1",
        "BEDROCK | model/cohere.rerank-v3-5:0/invoke | {`query`:`q`,`documents`:[`a`,`b`]} |"
            + " search=1",
        "OPENAI | embeddings | {`input`:`a`} | ''",
        "OPENAI | chat/completions | {`model`:`gpt-4o`} | ''",
        "OPENAI | chat/completions | {`model`:`gpt-4o-search-preview-2025-03-11`} | web_search=1",
        "OPENAI | chat/completions | {`n`:3,`model`:`gpt-5-search-api`} | web_search=3",
        "OPENAI | responses | {`model`:`gpt-5-search-api`} | ''",
        "OPENAI | chat/completions | {`model`:`sonar-pro`} | web_search=1",
        "OPENAI | chat/completions | {`model`:`perplexity/sonar-deep-research`} | web_search=32",
        "OPENAI | responses | {`model`:`grok-4.20-multi-agent`} | ''",
        "OPENAI | chat/completions | {`model`:`openai/o3-deep-research`} | web_search=32",
        "OPENAI | responses | {`model`:`o3-deep-research`} | ''",
        "OPENAI | responses | {`tools`:[{`type`:`people_search`}]} | web_search=32",
        "OPENAI | chat/completions | {`tools`:[{`type`:`openrouter:web_search`},"
            + "{`type`:`openrouter:datetime`},{`type`:`openrouter:web_fetch`}]} |"
            + " web_search:fetch=32 web_search=32",
        "OPENAI | responses | {`tools`:[{`type`:`x_search`}]} | web_search:post=1600",
        "OPENAI | responses | {`tools`:[{`type`:`x_search`},{`type`:`web_search`,"
            + "`search_context_size`:`low`}]} | web_search:low=32 web_search:post=1600",
        "OPENAI | chat/completions | {`tools`:[{`type`:`openrouter:image_generation`}]} | image=32",
        "OPENAI | responses | {`tools`:[{`type`:`finance_search`}]} | web_search=32",
        "OPENAI | responses | {`tools`:[{`type`:`image_search`},{`type`:`fetch_url`}]} |"
            + " web_search:fetch=32 web_search=32",
        "OPENAI | responses | {`tools`:[{`type`:`sandbox`}]} | code_interpreter=1 web_search=32",
        "OPENAI | chat/completions | {`model`:`groq/compound-mini`} | web_search=32",
        "OPENAI | chat/completions | {`model`:`openai/gpt-4o:online`} | web_search=32",
        "OPENAI | chat/completions | {`model`:`m`,`other_model`:`sonar`} | web_search=1",
        "OPENAI | audio/transcriptions | {`url`:`https://x`} | audio_minute=43201000"
      })
  void pieces_are_counted_as_the_provider_counts_them_or_as_more(
      WireFormat format, String path, String body, String fees) {
    assertThat(fees(format, path, body)).isEqualTo(fees);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "file_id=x | 12 h",
        "file_url=x | 12 h",
        "source=x | 12 h",
        "'' | 12 h",
        "file=x | 12 h",
        "language=en; temperature=0 | 12 h",
        "file@=x | its size",
        "file@=x; language=en; timestamp_granularities[]=word; response_format=json | its size",
        "file@=x; prompt=p; temperature=0; chunking_strategy[type]=server_vad | its size",
        "file@=x; diarize=true; context_bias=a; stream=true | its size",
        "file@=x; include[]=logprobs; known_speaker_references[]=data:a | its size",
        "file@=x; languages[]=en; languages[]=de; keywords[]=parrot | its size",
        "file@=x; file_id=x | 12 h",
        "file@=x; file=x | 12 h",
        "file@=x; File_Url=x | 12 h",
        "file@=x; file[id]=x | 12 h",
        "file[id]@=x | 12 h",
        "audio@=x | 12 h",
        "file@=x; unheard_of=x | 12 h",
      })
  void a_form_of_audio_counts_by_its_size_only_if_it_holds_the_recording(
      String fields, String counted) {
    StringBuilder form = new StringBuilder(part("model", false, "m"));
    for (String field : fields.split("; ")) {
      String[] pair = field.split("=", 2);
      if (pair.length == 2) {
        form.append(part(pair[0].replace("@", ""), pair[0].endsWith("@"), pair[1]));
      }
    }
    byte[] bytes = form.append("--b--\r\n").toString().getBytes(UTF_8);
    FormUseScan scan = scanned(OperationKind.MEDIA, bytes);

    FeesUsed bySize = RequestedFees.ofRecording(bytes.length);
    assertThat(scan.use(bytes.length).at(Provider.OPENAI.caps(), true).orElseThrow().feesAtMost())
        .isEqualTo(
            counted.equals("12 h") ? bySize.plus(RequestedFees.ofRecordingElsewhere()) : bySize);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prompt=a; n=2 | image=2",
        "quality=high; size=1536x1024 | image:high/1536x1024=1",
        "quality=auto; size=auto | image=1",
        "resolution=2k; n=3 | image:2k=3",
        "quality=high; quality=low | image:dearest=1",
        "Quality=low | image:dearest=1",
        "quality[]=low | image:dearest=1",
        "quality@=high | image:dearest=1",
        "quality=high! | image:dearest=1",
        "size=1024*1024 | image:dearest=1",
        "size=256x256; resolution=2k | image:dearest=1",
      })
  void a_form_states_the_quality_and_the_size_of_its_images(String fields, String counted) {
    StringBuilder form = new StringBuilder(part("model", false, "m"));
    for (String field : fields.split("; ")) {
      String[] pair = field.split("=", 2);
      form.append(part(pair[0].replace("@", ""), pair[0].endsWith("@"), pair[1]));
    }
    byte[] bytes = form.append("--b--\r\n").toString().getBytes(UTF_8);
    FormUseScan scan = scanned(OperationKind.IMAGES, bytes);

    RequestedUse use = scan.use(bytes.length).at(Provider.OPENAI.caps(), true).orElseThrow();
    assertThat(shown(use.feesAtMost())).isEqualTo(counted);
  }

  /** Groq charges ten seconds for a shorter recording. */
  @Test
  void the_shortest_recording_that_is_charged_depends_on_the_provider() {
    String form = part("model", false, "m") + part("file", true, "x") + "--b--\r\n";
    byte[] bytes = form.getBytes(UTF_8);
    FormUseScan scan = scanned(OperationKind.MEDIA, bytes);

    RequestedUse atGroq = scan.use(bytes.length).at(Provider.GROQ.caps(), true).orElseThrow();
    RequestedUse atOther = scan.use(bytes.length).at(Provider.OPENAI.caps(), true).orElseThrow();
    RequestedUse longer = scan.use(9_000).at(Provider.GROQ.caps(), true).orElseThrow();
    assertThat(shown(atGroq.feesAtMost())).isEqualTo("audio_minute=10000");
    assertThat(atGroq.unstated()).isEqualTo(UnstatedUse.Asked.NOTHING);
    assertThat(atOther.feesAtMost()).isEqualTo(RequestedFees.ofRecording(bytes.length));
    assertThat(atOther.unstated()).isEqualTo(UnstatedUse.Asked.NOTHING);
    assertThat(shown(longer.feesAtMost())).isEqualTo("audio_minute=18000");
  }

  /**
   * The parameters of transcriptions and translations that OpenAI's library for Python has, except
   * for the recording itself.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "model",
        "chunking_strategy[type]",
        "chunking_strategy",
        "include[]",
        "keywords[]",
        "known_speaker_names[]",
        "known_speaker_references[]",
        "language",
        "languages[]",
        "prompt",
        "response_format",
        "stream",
        "temperature",
        "timestamp_granularities[]"
      })
  void no_documented_parameter_of_a_recording_refers_to_another_recording(String parameter) {
    String form =
        (parameter.equals("model") ? "" : part("model", false, "m"))
            + part("file", true, "x")
            + part(parameter, false, "x")
            + "--b--\r\n";
    byte[] bytes = form.getBytes(UTF_8);
    FormUseScan scan = scanned(OperationKind.MEDIA, bytes);

    assertThat(scan.use(bytes.length).at(Provider.OPENAI.caps(), true).orElseThrow().feesAtMost())
        .isEqualTo(RequestedFees.ofRecording(bytes.length));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`input`:`fifteen letters`} | 20",
        "{`input`:`fifteen letters`,`speed`:1.0} | 20",
        "{`input`:`fifteen letters`,`speed`:2} | 11",
        "{`input`:`fifteen letters`,`speed`:0.5} | 40",
        "{`input`:`fifteen letters`,`speed`:0.25} | 80",
        "{`input`:`fifteen letters`,`speed`:0} | 80",
        "{`input`:`fifteen letters`,`speed`:`4`} | 80",
        "{`input`:`fifteen letters`,`speed`:[4]} | 80",
        "{`input`:`fifteen letters`,`speed`:4e0} | 80",
        "{`input`:`fifteen letters`,`speed`:null} | 20",
        "{`input`:`fifteen letters`,`speed`:4,`Speed`:0.5} | 40",
        "{`input`:`五つの文字`} | 20",
        "{`input`:[`a`]} | 20",
        "{`input`:`fifteen letters`,`voice_id`:`en_paul_neutral`,`ref_audio`:`AAAA`} | 20",
        "{`input`:`fifteen letters`,`response_encoding`:`pcm_s16le`} | 20",
        "{`input`:`a`,`ref_text`:`more`} | 42",
        "{`input`:`a`,`unheard_of`:`more`} | 44",
      })
  void the_text_and_the_speed_say_how_long_speech_is(String body, long tokens) {
    assertThat(read(WireFormat.OPENAI, "audio/speech", body).orElseThrow().unstated().spoken())
        .isEqualTo(tokens);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BEDROCK | model/m/converse | {`system`:[{`cachePoint`:{`type`:`default`,`ttl`:`1h`}}]} | true",
        "BEDROCK | model/m/converse | {`messages`:[{`role`:`user`,`content`:[{`text`:`x`},"
            + "{`cachePoint`:{`type`:`default`,`ttl`:`1h`}}]}]} | true",
        "BEDROCK | model/m/converse | {`toolConfig`:{`tools`:[{`cachePoint`:{`ttl`:`1h`}}]}} | true",
        "BEDROCK | model/m/converse | {`system`:[{`cachePoint`:{`type`:`default`,`ttl`:`5m`}}]} | false",
        "BEDROCK | model/m/converse | {`system`:[{`cachePoint`:{`type`:`default`}}]} | false",
        "BEDROCK | model/m/converse | {`system`:[{`text`:`1h`}]} | false",
        "OPENAI | chat/completions | {`messages`:[{`role`:`user`,`content`:[{`type`:`text`,"
            + "`text`:`x`,`cache_control`:{`type`:`ephemeral`,`ttl`:`1h`}}]}]} | true",
        "OPENAI | chat/completions | {`cache_control`:{`ttl`:`1h`}} | true",
        "OPENAI | responses | {`prompt_cache_options`:{`ttl`:`12h`}} | true",
        "OPENAI | responses | {`prompt_cache_options`:{`ttl`:`30m`}} | false",
        "OPENAI | responses | {`input`:[{`content`:[{`type`:`input_text`,`text`:`x`,"
            + "`prompt_cache_breakpoint`:{`mode`:`explicit`,`ttl`:`12h`}}]}]} | true",
        "ANTHROPIC | v1/messages | {`tools`:[{`name`:`a`,`cache_control`:{`ttl`:`1h`}}]} | true",
        "ANTHROPIC | v1/messages | {`cache_control`:{`ttl`:`1h`}} | true",
        "ANTHROPIC | v1/messages | {`cache_control`:{`ttl`:1}} | false",
      })
  void a_cache_for_an_hour_is_found_wherever_it_stands(
      WireFormat format, String path, String body, boolean isFound) {
    assertThat(read(format, path, body).orElseThrow().unstated().cachesForAnHour())
        .isEqualTo(isFound);
  }

  /** Returns the scan of a form with the boundary {@code b}. */
  private static FormUseScan scanned(OperationKind kind, byte[] form) {
    FormUseScan scan = new FormUseScan(kind, Optional.empty(), "b");
    CallReading reading = CallReading.of(scan);
    reading.read(form, 0, form.length);
    reading.end();
    return scan;
  }

  private static String part(String name, boolean isFile, String content) {
    return "--b\r\nContent-Disposition: form-data; name=\"%s\"%s\r\n\r\n%s\r\n"
        .formatted(name, isFile ? "; filename=\"a.mp3\"" : "", content);
  }

  @Test
  void a_tool_that_is_not_known_may_have_any_fee() {
    assertThat(
            fees(
                WireFormat.OPENAI,
                "responses",
                "{`max_tool_calls`:7,`tools`:[{`type`:`unheard_of`}]}"))
        .isEqualTo(EVERY_TOOL.formatted("7").strip());
    assertThat(fees(WireFormat.OPENAI, "chat/completions", "{`web_search_options`:{}}"))
        .isEqualTo(EVERY_TOOL.formatted("32").strip());
    assertThat(fees(WireFormat.GEMINI, GENERATE, "{`tools`:[{`unheardOf`:{}}]}"))
        .isEqualTo(EVERY_TOOL.formatted("32").strip());
  }

  @Test
  void long_rankings_and_speeches_count_whole() {
    String documents = "`d`,".repeat(250) + "`" + "long ".repeat(10_000) + "`";
    assertThat(
            fees(WireFormat.COHERE, "v2/rerank", "{`query`:`q`,`documents`:[" + documents + "]}"))
        .isEqualTo("search=4");
    assertThat(fees(WireFormat.OPENAI, "audio/speech", "{`input`:`" + "é".repeat(5_000) + "`}"))
        .isEqualTo("character=5000");
    assertThat(fees(WireFormat.OPENAI, "audio/speech", "{`input`:`" + "a".repeat(9_000) + "`}"))
        .isEqualTo("character=9001");
  }

  private static String fees(WireFormat format, String path, String body) {
    return shown(read(format, path, body).orElseThrow().feesAtMost());
  }

  private static String shown(FeesUsed fees) {
    return fees.counts().entrySet().stream()
        .map(
            each ->
                each.getKey().what().wireName()
                    + (each.getKey().quality().isEmpty() ? "" : ":" + each.getKey().quality())
                    + "="
                    + each.getValue())
        .sorted()
        .collect(Collectors.joining(" "));
  }

  /** Some providers charge each run of code, and the files of a conversation bring a tool. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "xai | {`tools`:[{`type`:`code_execution`}]} | code_interpreter=32",
        "mistral | {`tools`:[{`type`:`code_interpreter`},{`type`:`shell`}]} | code_interpreter=32",
        "azure | {`tools`:[{`type`:`code_interpreter`}]} | code_interpreter=1",
        "xai | {`input`:[{`content`:[{`type`:`input_file`,`file_url`:`https://x/y`}]}]} |"
            + " file_search=32",
        "xai | {`input`:[{`content`:[{`type`:`input_file`,`file_id`:`f`}]}],"
            + "`tools`:[{`type`:`collections_search`}]} | file_search=64",
        "xai | {`input`:[{`content`:[{`file`:{`file_id`:`f`},`type`:`x`}]}]} | file_search=32",
        "xai | {`previous_response_id`:`r`,`input`:`a`} | file_search=32",
        "xai | {`previous_response_id`:null,`input`:`a file`} | ''",
        "xai | {`input`:[{`content`:[{`type`:`input_image`,`image_url`:`u`}]}]} | ''",
        "openai | {`input`:[{`content`:[{`type`:`input_file`,`file_id`:`f`}]}]} | ''",
        "openai | {`previous_response_id`:`r`,`input`:`a`} | ''",
      })
  void what_tools_cost_depends_on_the_provider(String provider, String body, String fees) {
    RequestedUse use =
        bodyUse(WireFormat.OPENAI, "responses", body)
            .at(Provider.of(provider).caps(), false)
            .orElseThrow();

    assertThat(shown(use.feesAtMost())).isEqualTo(fees);
    assertThat(use.unboundedTools()).isEqualTo(!fees.isEmpty());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "BEDROCK | model/m/converse | {`toolConfig`:{`tools`:[{`systemTool`:"
            + "{`name`:`nova_grounding`}}]}} | grounding=32 | ''",
        "BEDROCK | model/m/converse | {`toolConfig`:{`tools`:[{`systemTool`:{`name`:`other`}}]}} |"
            + " code_interpreter=32 computer_use=32 file_search=32 grounding=32 image=32"
            + " web_search=32 | code_interpreter=1 computer_use=1 file_search=1 image=1"
            + " web_search=1",
        "BEDROCK | model/m/converse | {`toolConfig`:{`tools`:[{`toolSpec`:{`name`:`other`}}]}} |"
            + " '' | ''",
        "BEDROCK | model/anthropic.claude-v1:0/invoke |"
            + " {`tools`:[{`type`:`web_search_20250305`}]} | code_interpreter=32 computer_use=32"
            + " file_search=32 grounding=32 image=32 web_search=32 | ''",
        "BEDROCK | model/amazon.rerank-v1:0/invoke | {`query`:`q`,`documents`:[`a`]} | search=1 |"
            + " search=1",
        "OPENAI | responses | {`tools`:[{`type`:`web_search`}]} | web_search=32 | ''",
        "COHERE | v2/chat | {`tools`:[{`type`:`function`}]} | '' | ''",
        "COHERE | v2/chat | {`tools`:[{`type`:`web_search`}]} |"
            + " code_interpreter=32 computer_use=32 file_search=32 grounding=32 image=32"
            + " web_search=32 | code_interpreter=1 computer_use=1 file_search=1 grounding=1"
            + " image=1 web_search=1",
      })
  void tools_of_which_answers_state_no_use_are_expected_to_be_used_once(
      WireFormat format, String path, String body, String fees, String unstated) {
    RequestedUse use = bodyUse(format, path, body).at(Provider.BEDROCK.caps(), false).orElseThrow();

    assertThat(shown(use.feesAtMost())).isEqualTo(fees);
    assertThat(shown(use.unstated().tools())).isEqualTo(unstated);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`messages`:[{`role`:`user`,`content`:[{`type`:`input_audio`,`input_audio`:`%s`}]}]} | its size",
        "{`messages`:[{`content`:[{`input_audio`:`%s`,`type`:`input_audio`},{`type`:`text`,`text`:`a`}]}]} | its size",
        "{`n`:3,`messages`:[{`content`:[{`type`:`input_audio`,`input_audio`:`%s`}]}]} | its size",
        "{`messages`:[{`content`:[{`type`:`input_audio`,`input_audio`:`data:audio/wav;base64,%s`}]}]} | its size",
        "{`messages`:[{`content`:[{`type`:`input_audio`,`input_audio`:`https://x/y`}]}]} | 12 h",
        "{`messages`:[{`content`:[{`type`:`input_audio`,`input_audio`:`https://x/%s`}]}]} | 12 h",
        "{`messages`:[{`content`:[{`type`:`input_audio`,`input_audio`:{`data`:`%s`}}]}]} | 12 h",
        "{`messages`:[{`content`:[{`type`:`input_audio`,`file_id`:`f`}]}]} | 12 h",
        "{`messages`:[{`content`:[{`type`:`INPUT_AUDIO`}]}]} | 12 h",
        "{`messages`:[{`content`:[{`type`:`input_aud\\u0069o`}]}]} | 12 h",
        "{`messages`:[{`content`:[{`inputAudio`:`https://x/y`}]}]} | 12 h",
        "{`messages`:[{`content`:[{`type`:`input_audio`,`input_audio`:`%s`},{`type`:`input_audio`}]}]} | 12 h",
        "{`messages`:[{`content`:[{`type`:`audio_url`,`audio_url`:{`url`:`https://x/y`}}]}]} | 12 h",
        "{`messages`:[{`content`:[{`type`:`text`,`text`:`input_audio`}]}]} | nothing",
        "{`messages`:[{`content`:[{`type`:`image_url`,`image_url`:`https://x/y`}]}]} | nothing",
        "{`modalities`:[`audio`],`audio`:{`voice`:`v`},`messages`:[]} | nothing"
      })
  void a_recording_in_a_chat_counts_by_its_size_only_if_the_chat_holds_it(
      String body, String counted) {
    String filled = body.replace("%s", "A".repeat(5_000));
    FeesUsed bySize = RequestedFees.ofRecording(filled.length());

    assertThat(fees(WireFormat.OPENAI, "chat/completions", filled))
        .isEqualTo(
            switch (counted) {
              case "nothing" -> "";
              case "its size" -> shown(bySize);
              default -> shown(bySize.plus(RequestedFees.ofRecordingElsewhere()));
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mistral | {`tools`:[{`type`:`image_generation`},{`type`:`web_search`}]} | image=1"
            + " web_search=1",
        "mistral | {`tools`:[{`type`:`code_interpreter`},{`type`:`function`}]} |"
            + " code_interpreter=1",
        "mistral | {`tools`:[{`type`:`function`}]} | ''",
        "openai | {`tools`:[{`type`:`image_generation`},{`type`:`web_search`}]} | ''",
        "openai-compat | {`tools`:[{`type`:`web_search`}]} | ''",
        "openrouter | {`tools`:[{`type`:`openrouter:image_generation`},"
            + "{`type`:`openrouter:web_search`}]} | image=1",
        "openrouter | {`tools`:[{`type`:`openrouter:web_search`}]} | ''",
        "openrouter | {`tools`:[{`type`:`openrouter:web_search`},"
            + "{`type`:`openrouter:web_fetch`}]} | web_search:fetch=1",
        "openrouter | {`tools`:[{`type`:`openrouter:web_fetch`},"
            + "{`type`:`openrouter:image_generation`}]} | image=1",
        "openrouter | {`tools`:[{`type`:`openrouter:unknown`}]} | ''",
        "openrouter | {`tools`:[{`type`:`openrouter:unknown`},"
            + "{`type`:`openrouter:image_generation`}]} | image=1",
        "openrouter | {`plugins`:[{`id`:`web`}]} | ''",
      })
  void tools_count_as_used_once_at_a_provider_whose_answers_state_no_use(
      String provider, String body, String unstated) {
    RequestedUse use =
        bodyUse(WireFormat.OPENAI, "chat/completions", body)
            .at(Provider.of(provider).caps(), false)
            .orElseThrow();

    assertThat(shown(use.unstated().tools())).isEqualTo(unstated);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "openrouter | {`tools`:[{`type`:`openrouter:web_search`}]} | true",
        "openrouter | {`tools`:[{`type`:`openrouter:web_search`,`parameters`:{`engine`:`exa`}}]} | true",
        "openrouter | {`tools`:[{`type`:`openrouter:web_search`,`parameters`:"
            + "{`engine`:`firecrawl`}}]} | false",
        "openrouter | {`plugins`:[{`id`:`web`,`engine`:`firecrawl`}]} | false",
        "openrouter | {`plugins`:[{`id`:`web`,`engine`:`new`}]} | false",
        "openrouter | {`plugins`:[{`id`:`file-parser`,`pdf`:{`engine`:`mistral-ocr`}}]} | true",
        "openrouter | {`model`:`m:online`} | true",
        "openrouter | {`tools`:[{`type`:`openrouter:web_search`}],`messages`:[{`role`:`user`,"
            + "`content`:`x`,`engine`:`firecrawl`}]} | true",
        "openrouter | {} | false",
        "groq | {`tools`:[{`type`:`browser_search`}]} | false"
      })
  void the_cost_in_an_answer_counts_if_it_can_contain_all_fees(
      String provider, String body, boolean counts) {
    assertThat(
            bodyUse(WireFormat.OPENAI, "chat/completions", body)
                .at(Provider.of(provider).caps(), false)
                .orElseThrow()
                .unstated()
                .isCostStated())
        .isEqualTo(counts);
  }

  @Test
  void each_run_of_a_capped_tool_counts_where_code_is_not_charged_by_session() {
    String body = "{`tools`:[{`type`:`code_execution_20250825`,`max_uses`:9}]}";

    assertThat(
            shown(
                bodyUse(WireFormat.ANTHROPIC, "v1/messages", body)
                    .at(Provider.VERTEX.caps(), true)
                    .orElseThrow()
                    .feesAtMost()))
        .isEqualTo("code_interpreter=9");
  }

  @ParameterizedTest
  @CsvSource({"1, 501", "2, 1600", "2, 20000"})
  void what_the_tool_for_images_reads_is_part_of_the_bound(int images, long tokens) {
    String body = "{`max_tool_calls`:" + images + ",`tools`:[{`type`:`image_generation`}]}";
    FeesUsed stated =
        FeesUsed.of(FeeKind.IMAGE, images).plus(RequestedFees.ofImagesRead(tokens, images));
    assertThat(stated.count(FeeKind.IMAGE)).isGreaterThan(images);

    FeesUsed bound = read(WireFormat.OPENAI, "responses", body).orElseThrow().feesAtMost();
    assertThat(stated.atMost(bound)).isEqualTo(stated);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, responses, image_generation, image:usual=32 image=32",
    "azure, openai/v1/responses, image_generation, image:usual=32 image=32",
    "openai, chat/completions, image_generation, image=32",
    "mistral, chat/completions, image_generation, image=32",
    "openrouter, responses, openrouter:image_generation, image=32",
    "xai, responses, image_generation, file_search=32 image=32",
  })
  void only_some_providers_charge_for_what_the_tool_for_images_reads(
      String provider, String path, String tool, String fees) {
    String body = "{`tools`:[{`type`:`" + tool + "`}],`previous_response_id`:`r`}";
    assertThat(
            bodyUse(WireFormat.OPENAI, path, body)
                .at(Provider.of(provider).caps(), true)
                .map(use -> shown(use.feesAtMost())))
        .hasValue(fees);
  }

  @Test
  void what_the_caller_does_with_a_computer_is_no_use_that_the_provider_leaves_unstated() {
    BodyUse body = bodyUse(WireFormat.OPENAI, "chat/completions", COMPUTER_TOOL);
    RequestedUse use = body.at(Provider.MISTRAL.caps(), false).orElseThrow();

    assertThat(use.unstated().tools().isNone()).isTrue();
    assertThat(use.feesAtMost().count(FeeKind.COMPUTER_USE)).isEqualTo(32);
  }

  private static Optional<RequestedUse> read(WireFormat format, String path, String body) {
    return bodyUse(format, path, body).at(Provider.OPENAI.caps(), true);
  }

  private static BodyUse bodyUse(WireFormat format, String path, String body) {
    JsonUseScan scan =
        new JsonUseScan(format.api(), path, OperationKind.of("POST", path), Optional.empty(), true);
    byte[] bytes = body.replace('`', '"').getBytes(UTF_8);
    CallReading reading = CallReading.of(scan);
    reading.read(bytes, 0, bytes.length / 2);
    reading.read(bytes, bytes.length / 2, bytes.length);
    reading.end();
    return scan.use(bytes.length);
  }
}
