package io.claviger.gateway.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.claviger.domain.objects.ObjectKind;
import io.claviger.domain.objects.ObjectReference;
import io.claviger.domain.objects.RequestedObjects;
import io.claviger.domain.standards.WireFormat;
import io.claviger.gateway.errors.CallRefused;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceScanTest {
  private static final String ID = "file-0123456789abcdefX";
  private static final String NAME = "files/abc-123";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | {`previous_response_id`:`x`} | RESPONSES x previous_response_id",
        "OPENAI | {`conversation`:`x`} | CONVERSATIONS x conversation",
        "OPENAI | {`prompt`:{`id`:`x`,`variables`:{`file_id`:`y`}}} | PROMPTS x id",
        "OPENAI | {`prompt`:{`variables`:{`a`:{`type`:`input_file`,`file_id`:`y`}}}} | FILES y file_id",
        "OPENAI | {`input`:[{`role`:`user`,`content`:[{`type`:`input_file`,`file_id`:`x`}]}]} | FILES x file_id",
        "OPENAI | {`input`:[{`type`:`computer_call_output`,`call_id`:`c`,`output`:{`type`:`computer_screenshot`,`file_id`:`x`}}]} | FILES x file_id",
        "OPENAI | {`input`:[{`type`:`function_call_output`,`call_id`:`c`,`output`:[{`type`:`input_image`,`file_id`:`x`}]}]} | FILES x file_id",
        "OPENAI | {`input`:[{`type`:`code_interpreter_call`,`code`:`c`,`container_id`:`x`}]} | CONTAINERS x container_id",
        "OPENAI | {`input`:[{`content`:[{`type`:`output_text`,`text`:`t`,`annotations`:{`file_id`:`x`}}]}]} | FILES x file_id",
        "OPENAI | {`input`:[{`content`:[{`type`:`output_text`,`text`:`t`,`annotations`:[{`url`:`u`,`vector_store_ids`:[`x`]}]}]}]} | VECTOR_STORES x vector_store_ids",
        "OPENAI | {`input`:[{`type`:`code_interpreter_call`,`code`:`c`,`outputs`:[{`file_id`:`x`}]}]} | FILES x file_id",
        "OPENAI | {`input`:[{`content`:[{`type`:`output_text`,`text`:`t`,`annotations`:[{`type`:`container_file_citation`,`container_id`:`x`,`file_id`:`cfile_1`}]}]}]} | CONTAINERS x container_id",
        "OPENAI | {`input`:[{`role`:`user`,`content`:[{`type`:`input_file`,`file_id`:`cfile_1`}]}]} | FILES cfile_1 file_id",
        "OPENAI | {`input`:[{`type`:`tool_search_output`,`tools`:[{`type`:`file_search`,`vector_store_ids`:[`x`]}]}]} | VECTOR_STORES x vector_store_ids",
        "OPENAI | {`messages`:[{`role`:`user`,`content`:[{`type`:`file`,`file`:{`file_id`:`x`}}]}]} | FILES x file_id",
        "OPENAI | {`messages`:[{`role`:`assistant`,`audio`:{`id`:`x`}}]} | RESPONSES x id",
        "OPENAI | {`tools`:[{`type`:`file_search`,`vector_store_ids`:[`x`]}]} | VECTOR_STORES x vector_store_ids",
        "OPENAI | {`tools`:[{`type`:`code_interpreter`,`container`:`x`}]} | CONTAINERS x container",
        "OPENAI | {`tools`:[{`type`:`image_generation`,`input_image_mask`:{`file_id`:`x`}}]} | FILES x file_id",
        "OPENAI | {`tools`:[{`type`:`mcp`,`tunnel_id`:`x`}]} | OTHER x tunnel_id",
        "OPENAI | {`tools`:[{`type`:`shell`,`environment`:{`type`:`local`,`skills`:[{`skill_id`:`x`}]}}]} | OTHER x skill_id",
        "OPENAI | {`images`:[{`file_id`:`x`}]} | FILES x file_id",
        "OPENAI | {`mask`:{`file_id`:`x`}} | FILES x file_id",
        "OPENAI | {`voice`:{`id`:`x`}} | OTHER x id",
        "OPENAI | {`audio`:{`voice`:{`id`:`x`}}} | OTHER x id",
        "OPENAI | {`document`:{`type`:`file`,`file_id`:`x`}} | FILES x file_id",
        "OPENAI | {`extra_body`:{`google`:{`cached_content`:`x`}}} | CACHES x cached_content",
        "OPENAI | {`model`:`ag:f8:1:x:3`} | OTHER ag:f8:1:x:3 ",
        "OPENAI | {`model`:`m@preset/x`} | OTHER m@preset/x ",
        "OPENAI | {`preset`:`x`} | OTHER x preset",
        "OPENAI | {`part_ids`:[`x`]} | FILES x part_ids",
        "OPENAI | {`prompt_id`:`x`} | OTHER x prompt_id",
        "OPENAI | {`plugins`:[{`id`:`web`},{`id`:`fusion`}]} | OTHER fusion id",
        "OPENAI | {`thread_id`:`x`} | OTHER x thread_id",
        "OPENAI | {`data_sources`:`x`} | OTHER x data_sources",
        "OPENAI | {`dataSources`:`x`} | OTHER x data_sources",
        "OPENAI | {`tools`:[{`memory_store_name`:`x`}]} | OTHER x memory_store_name",
        "OPENAI | {`tools`:[{`azure_ai_search`:{`indexes`:[{`project_connection_id`:`x`}]}}]} | OTHER x project_connection_id",
        "OPENAI | {`tools`:[{`a2a`:{`project_connection_ids`:[`x`]}}]} | OTHER x project_connection_ids",
        "OPENAI | {`tools`:[{`fabric`:{`connections`:[{`connection_id`:`x`}]}}]} | OTHER x connection_id",
        "OPENAI | {`tools`:[{`azure_ai_search`:{`indexes`:[{`index_connection_id`:`x`}]}}]} | OTHER x index_connection_id",
        "OPENAI | {`tools`:[{`azure_ai_search`:{`indexes`:[{`index_asset_id`:`x`}]}}]} | OTHER x index_asset_id",
        "OPENAI | {`agent_session_id`:`x`} | OTHER x agent_session_id",
        "OPENAI | {`agent`:`x`} | OTHER x agent",
        "OPENAI | {`agent_reference`:`x`} | OTHER x agent_reference",
        "OPENAI | {`access_programs`:`x`} | OTHER x access_programs",
        "OPENAI | {`tool_ids`:[`server:0`]} | OTHER server:0 tool_ids",
        "OPENAI | {`filter_ids`:[`x`]} | OTHER x filter_ids",
        "OPENAI | {`skill_ids`:[`x`]} | OTHER x skill_ids",
        "OPENAI | {`chat_id`:`x`} | OTHER x chat_id",
        "OPENAI | {`files`:[{`type`:`collection`,`id`:`x`}]} | OTHER x id",
        "OPENAI | {`files`:[{`collection_name`:`x`}]} | OTHER x collection_name",
        "OPENAI | {`files`:[{`collection_names`:[`x`]}]} | OTHER x collection_names",
        "OPENAI | {`tools`:[{`type`:`connector`,`connector_id`:`notion`}]} | OTHER notion connector_id",
        "OPENAI | {`tools`:[{`type`:`mcp`,`server_url`:`litellm_proxy`}]} | OTHER litellm_proxy server_url",
        "OPENAI | {`tools`:[{`type`:`mcp`,`server_url`:`httpx://a`}]} | OTHER httpx://a server_url",
        "OPENAI | {`new`:{`t`:`tunnel_0123456789abcdef0123456789abcdef`}} | OTHER tunnel_0123456789abcdef0123456789abcdef ",
        "OPENAI | {`voice_id`:`0b4a6a3e-0000-4000-8000-000000000001`} | OTHER 0b4a6a3e-0000-4000-8000-000000000001 voice_id",
        "OPENAI | {`voice_id`:`my_boss_angry`} | OTHER my_boss_angry voice_id",
        "OPENAI | {`messages`:[{`content`:[{`image_url`:{`url`:`ms://f1`}}]}]} | OTHER ms://f1 ",
        "OPENAI | {`messages`:[{`content`:[{`video_url`:{`url`:`file:///etc/x`}}]}]} | OTHER file:///etc/x ",
        "OPENAI | {`tools`:[{`type`:`retrieval`,`retrieval`:{`knowledge_id`:`x`}}]} | OTHER x knowledge_id",
        "OPENAI | {`tools`:[{`type`:`openrouter:web_search`,`parameters`:{`a`:{`container_id`:`x`}}}]} | CONTAINERS x container_id",
        "OPENAI | {`tools`:[{`parameters`:{`a`:[{`container_id`:`x`}]},`type`:`x:y`}]} | CONTAINERS x container_id",
        "OPENAI | {`tools`:[{`parameters`:`file-0123456789abcdefX`,`type`:`x`}]} | FILES file-0123456789abcdefX ",
        "OPENAI | {`storage_options`:`x`} | OTHER x storage_options",
        "OPENAI | {`kv_transfer_params`:`x`} | OTHER x kv_transfer_params",
        "OPENAI | {`ec_transfer_params`:`x`} | OTHER x ec_transfer_params",
        "OPENAI | {`bootstrap_host`:`10.0.0.1`} | OTHER 10.0.0.1 bootstrap_host",
        "OPENAI | {`ngram_corpus_id`:`x`} | OTHER x ngram_corpus_id",
        "OPENAI | {`messages`:[{`content`:[{`image_url`:{`url`:`gs://b/o`}}]}]} | OTHER gs://b/o ",
        "OPENAI | {`messages`:[{`content`:[{`video`:{`s3Location`:`x`}}]}]} | OTHER x s3Location",
        "OPENAI | {`model`:`arn:aws:bedrock:r:1:prompt/x`} | OTHER arn:aws:bedrock:r:1:prompt/x ",
        "OPENAI | {`amazon-bedrock-guardrailConfig`:`x`} | OTHER x amazon-bedrock-guardrailConfig",
        "OPENAI | {`new`:{`deep`:[[`file-0123456789abcdefX`]]}} | FILES file-0123456789abcdefX ",
        "OPENAI | {`new`:{`file-0123456789abcdefX`:1}} | FILES file-0123456789abcdefX ",
        "OPENAI | {`input`:[{`type`:`item_reference`,`id`:`x`}]} | RESPONSES x input[].id",
        "OPENAI | {`input`:{`id`:`x`}} | RESPONSES x input[].id",
        "OPENAI | {`perf_dump_path`:`/etc/cron.d/x`} | OTHER /etc/cron.d/x *path",
        "OPENAI | {`lora_request`:{`lora_name`:`a`,`lora_path`:`/models/x`}} | OTHER /models/x *path",
        "OPENAI | {`diffusers_kwargs`:{`Image_Paths`:[`a.png`]}} | OTHER a.png *path",
        "OPENAI | {`new_path`:`file-0123456789abcdefX`} | FILES file-0123456789abcdefX",
        "OPENAI | {`messages`:[{`content`:[{`image_url`:{`url`:`/srv/x.png`}}]}]} | OTHER /srv/x.png url",
        "OPENAI | {`messages`:[{`content`:[{`image_url`:`../x.png`}]}]} | OTHER ../x.png image_url",
        "OPENAI | {`messages`:[{`content`:[{`image_url`:{`url`:`/srv/x.png\\u0000https://example.com`}}]}]} | OTHER /srv/x.png url",
        "OPENAI | {`messages`:[{`content`:[{`video_url`:{`url`:`x.mp4`}}]}]} | OTHER x.mp4 url",
        "OPENAI | {`messages`:[{`content`:[{`audio_url`:{`url`:`//srv/x.wav`}}]}]} | OTHER //srv/x.wav url",
        "OPENAI | {`input`:[{`content`:[{`type`:`input_image`,`image_url`:`/srv/x.png`}]}]} | OTHER /srv/x.png image_url",
        "OPENAI | {`messages`:[{`content`:[{`type`:`time_series_url`,`time_series_url`:{`url`:`/srv/x.csv`}}]}]} | OTHER /srv/x.csv url",
        "COHERE | {`messages`:[{`content`:[{`time_series_url`:`x.npy`}]}]} | OTHER x.npy time_series_url",
        "OPENAI | {`documents`:[{`content`:[{`image_url`:{`url`:`file:///srv/x`}}]}]} | OTHER file:///srv/x",
        "OPENAI | {`documents`:[{`image_url`:`/srv/x.png`}]} | OTHER /srv/x.png image_url",
        "OPENAI | {`documents`:[{`content`:[{`type`:`image_embeds`,`image_embeds`:`x`}]}]} | OTHER x image_embeds",
        "OPENAI | {`documents`:[[{`type`:`audio_embeds`,`audio_embeds`:`x`}]]} | OTHER x audio_embeds",
        "OPENAI | {`documents`:{`content`:[{`prompt_embeds`:`x`}]}} | OTHER x prompt_embeds",
        "OPENAI | {`documents`:[{`content`:[{`input_audio`:{`data`:`/srv/x.wav`}}]}]} | OTHER /srv/x.wav data",
        "COHERE | {`documents`:[{`content`:[{`image_url`:{`url`:`file:///srv/x`}}]}]} | OTHER file:///srv/x",
        "COHERE | {`documents`:[{`image_url`:`/srv/x.png`}]} | OTHER /srv/x.png image_url",
        "COHERE | {`documents`:[{`content`:[{`type`:`image_embeds`,`image_embeds`:`x`}]}]} | OTHER x image_embeds",
        "COHERE | {`documents`:[[{`type`:`audio_embeds`,`audio_embeds`:`x`}]]} | OTHER x audio_embeds",
        "COHERE | {`documents`:[{`content`:[{`api_base`:`http://10.0.0.1`}]}]} | OTHER http://10.0.0.1 api_base",
        "OPENAI | {`character`:`../../x`} | OTHER ../../x character",
        "OPENAI | {`input`:[{`text`:`a`,`image`:`/srv/x.png`}]} | OTHER /srv/x.png image",
        "OPENAI | {`input`:[{`video`:[`x.mp4`]}]} | OTHER x.mp4 video",
        "OPENAI | {`messages`:[{`content`:[{`audio`:{`url`:`/srv/x.wav`}}]}]} | OTHER /srv/x.wav url",
        "OPENAI | {`messages`:[{`content`:[{`input_audio`:{`data`:`/etc/x`,`format`:`wav`}}]}]} | OTHER /etc/x data",
        "OPENAI | {`messages`:[{`content`:[{`input_audio`:`../x`}]}]} | OTHER ../x input_audio",
        "OPENAI | {`messages`:[{`audio`:`/srv/x.wav`}]} | OTHER /srv/x.wav audio",
        "OPENAI | {`audio`:`/srv/x.wav`} | OTHER /srv/x.wav audio",
        "OPENAI | {`the_directory_in_which_the_profile_is_stored_path`:`/x`} | OTHER /x *path",
        "OPENAI | {`fallbacks`:[{`model`:`m`,`preset`:`x`}]} | OTHER x preset",
        "OPENAI | {`files`:[{`type`:`doc`,`url`:`/srv/x.pdf`}]} | OTHER /srv/x.pdf url",
        "OPENAI | {`model`:`huggingface/https://x.dev`} | OTHER huggingface/https://x.dev model",
        "COHERE | {`model`:`HTTPS://x.dev`} | OTHER HTTPS://x.dev model",
        "OPENAI | {`models`:[`a`,`b/http://x.dev`]} | OTHER b/http://x.dev models",
        "OPENAI | {`fallbacks`:[`b/http://x.dev`]} | OTHER b/http://x.dev fallbacks",
        "OPENAI | {`langfuse_host`:`https://x.dev`} | OTHER https://x.dev langfuse_host",
        "OPENAI | {`metadata`:{`langfuse_host`:`https://x.dev`}} | OTHER https://x.dev langfuse_host",
        "ANTHROPIC | {`litellm_metadata`:{`dd_site`:`x.dev`}} | OTHER x.dev dd_site",
        "COHERE | {`metadata`:{`wandb_api_key`:`os.environ/KEY`}} | OTHER os.environ/KEY wandb_api_key",
        "GEMINI | {`metadata`:{`slack_webhook_url`:`x`}} | OTHER x slack_webhook_url",
        "OPENAI | {`metadata`:` {}`} | OTHER  {} metadata",
        "OPENAI | {`cache_key`:`x`} | OTHER x cache_key",
        "ANTHROPIC | {`extra_body`:{`cache_key`:`x`}} | OTHER x cache_key",
        "OPENAI | {`preset_cache_key`:`x`} | OTHER x preset_cache_key",
        "GEMINI | {`metadata`:{`user_api_key_hash`:`x`}} | OTHER x user_api_key_hash",
        "COHERE | {`metadata`:{`redis_namespace`:`x`}} | OTHER x redis_namespace",
        "OPENAI | {`litellm_metadata`:{`user_api_key_team_id`:`x`}} | OTHER x user_api_key_team_id",
        "OPENAI | {`custom_logit_processor`:`x`} | OTHER x custom_logit_processor",
        "COHERE | {`prompt_embeds`:`x`} | OTHER x prompt_embeds",
        "OPENAI | {`messages`:[{`content`:[{`type`:`image_embeds`,`image_embeds`:`x`}]}]} | OTHER x image_embeds",
        "OPENAI | {`api_key`:`sk-mine`} | OTHER sk-mine api_key",
        "OPENAI | {`extra_body`:{`api_base`:`https://x.dev`}} | OTHER https://x.dev api_base",
        "OPENAI | {`fallbacks`:[{`model`:`m`,`base_url`:`https://x.dev`}]} | OTHER https://x.dev base_url",
        "OPENAI | {`custom_llm_provider`:`azure`} | OTHER azure custom_llm_provider",
        "ANTHROPIC | {`api_key`:`sk-mine`} | OTHER sk-mine api_key",
        "ANTHROPIC | {`tools`:[{`type`:`advisor_20260301`,`api_base`:`http://10.0.0.1`}]} | OTHER http://10.0.0.1 api_base",
        "COHERE | {`organization`:`org-x`} | OTHER org-x organization",
        "GEMINI | {`generateContentRequest`:{`api_key`:`sk-mine`}} | OTHER sk-mine api_key",
        "ANTHROPIC | {`extra_body`:{`container`:`x`}} | CONTAINERS x container",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`image`,`source`:{`type`:`url`,`url`:`/srv/x.png`}}]}]} | OTHER /srv/x.png url",
        "COHERE | {`image_path`:`x`} | OTHER x *path",
        "OPENAI | {`input`:[{`type`:`image_generation_call`,`id`:`x`}]} | RESPONSES x input[].id",
        "ANTHROPIC | {`container`:`x`} | CONTAINERS x container",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`document`,`source`:{`type`:`file`,`file_id`:`x`}}]}]} | FILES x file_id",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`container_upload`,`file_id`:`x`}]}]} | FILES x file_id",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`tool_result`,`content`:[{`source`:{`file_id`:`x`}}]}]}]} | FILES x file_id",
        "ANTHROPIC | {`system`:[{`type`:`text`,`text`:`t`,`citations`:[{`file_id`:`x`}]}]} | FILES x file_id",
        "ANTHROPIC | {`tools`:[{`parameters`:{`file_id`:`x`},`type`:`x:y`}]} | FILES x file_id",
        "BEDROCK | {`tools`:[{`parameters`:{`file_id`:`x`},`type`:`mcp_toolset`}]} | FILES x file_id",
        "ANTHROPIC | {`plugins`:[{`id`:`fusion`}]} | OTHER fusion id",
        "ANTHROPIC | {`messages`:[{`previous_message_id`:`x`}]} | OTHER x previous_message_id",
        "ANTHROPIC | {`thread`:{`type`:`continue`,`previous_message_id`:`x`}} | OTHER x previous_message_id",
        "ANTHROPIC | {`thread`:`x`} | OTHER x thread",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`mcp_toolset`,`container_id`:`x`}}}]}]} | CONTAINERS x container_id",
        "BEDROCK | {`outputConfig`:{`new`:`s3://b/o`}} | OTHER s3://b/o",
        "BEDROCK | {`output_format`:{`new`:`s3://b/o`}} | OTHER s3://b/o",
        "ANTHROPIC | {`kv_transfer_params`:`x`} | OTHER x kv_transfer_params",
        "ANTHROPIC | {`new`:`tnl_0123456789abcdefX`} | OTHER tnl_0123456789abcdefX ",
        "GEMINI | {`cachedContent`:`x`} | CACHES x cachedContent",
        "GEMINI | {`tools`:[{`googleMaps`:{`authConfig`:{`oauthConfig`:{`serviceAccount`:`x`}}}}]} | OTHER x serviceAccount",
        "GEMINI | {`tools`:[{`google_maps`:{`auth_config`:{`api_key_config`:{`api_key_secret`:`x`}}}}]} | OTHER x apiKeySecret",
        "GEMINI | {`tools`:[{`googleMaps`:{`authConfig`:{`httpBasicAuthConfig`:{`credentialSecret`:`x`}}}}]} | OTHER x credentialSecret",
        "GEMINI | {`cached_content`:`x`} | CACHES x cachedContent",
        "GEMINI | {`contents`:[{`parts`:[{`fileData`:{`fileUri`:`x`}}]}]} | FILES x fileUri",
        "GEMINI | {`contents`:[{`parts`:[{`file_data`:{`file_uri`:`x`}}]}]} | FILES x fileUri",
        "GEMINI | {`requests`:[{`content`:{`parts`:[{`fileData`:{`fileUri`:`x`}}]}}]} | FILES x fileUri",
        "GEMINI | {`generateContentRequest`:{`cachedContent`:`x`}} | CACHES x cachedContent",
        "GEMINI | {`contents`:[{`parts`:[{`functionResponse`:{`parts`:[{`fileData`:{`fileUri`:`x`}}]}}]}]} | FILES x fileUri",
        "GEMINI | {`tools`:[{`fileSearch`:{`fileSearchStoreNames`:[`x`]}}]} | OTHER x fileSearchStoreNames",
        "GEMINI | {`generationConfig`:{`speechConfig`:{`voiceConfig`:{`voice`:`voice_a`}}}} | OTHER voice_a voice",
        "GEMINI | {`generationConfig`:{`speech_config`:{`multi_speaker_voice_config`:{`speaker_voice_configs`:[{`voice_config`:{`voice`:`projects/p/voices/v`}}]}}}} | OTHER projects/p/voices/v voice",
        "GEMINI | {`tools`:[{`mcpServers`:[{`name`:`a`,`streamableHttpTransport`:{`url`:`http://vault.internal/mcp`}}]}]} | OTHER http://vault.internal/mcp url",
        "GEMINI | {`tools`:[{`mcp_servers`:[{`streamable_http_transport`:{`url`:`https://x.googleapis.com/mcp`}}]}]} | OTHER https://x.googleapis.com/mcp url",
        "GEMINI | {`instances`:[{`image`:{`gcsUri`:`x`}}]} | OTHER x gcsUri",
        "GEMINI | {`new`:`https://generativelanguage.googleapis.com/v1beta/files/a`} | FILES https://generativelanguage.googleapis.com/v1beta/files/a ",
        "COHERE | {`conversation_id`:`x`} | CONVERSATIONS x conversation_id",
        "COHERE | {`preset`:`x`} | OTHER x preset",
        "COHERE | {`kv_transfer_params`:`x`} | OTHER x kv_transfer_params",
      })
  void a_reference_is_found_in_each_place(WireFormat format, String body, String expected) {
    assertThat(found(format, body).references())
        .extracting(each -> (each.kind() + " " + each.id() + " " + each.place()).strip())
        .containsExactly(expected.strip());
    assertThat(found(format, body).unclear()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | {`input`:`#`,`instructions`:`#`,`metadata`:{`a`:`#`,`#`:`#`}}",
        "OPENAI | {`input`:[`#`]}",
        "OPENAI | {`prompt`:[`#`,`#`],`stop`:[`#`],`suffix`:`#`}",
        "OPENAI | {`prediction`:{`type`:`content`,`content`:`#`},`query`:`#`,`documents`:[`#`,{`id`:`#`}]}",
        "OPENAI | {`input`:[{`role`:`user`,`content`:`#`},{`role`:`user`,`content`:[{`type`:`input_text`,`text`:`#`}]}]}",
        "OPENAI | {`input`:[{`type`:`function_call`,`name`:`#`,`call_id`:`#`,`arguments`:`#`},{`type`:`function_call_output`,`call_id`:`#`,`output`:`#`}]}",
        "OPENAI | {`input`:[{`type`:`local_shell_call`,`call_id`:`#`,`action`:{`command`:[`#`],`env`:{`file_id`:`#`}}}]}",
        "OPENAI | {`input`:[{`type`:`reasoning`,`summary`:[{`type`:`summary_text`,`text`:`#`}],`encrypted_content`:`#`}]}",
        "OPENAI | {`messages`:[{`role`:`user`,`content`:`#`,`name`:`#`,`tool_call_id`:`#`,`tool_calls`:[{`id`:`#`,`type`:`function`,`function`:{`name`:`#`,`arguments`:`#`}}]}]}",
        "OPENAI | {`messages`:[{`content`:[{`type`:`text`,`text`:`#`},{`type`:`file`,`file`:{`filename`:`#`,`file_data`:`data:#`}}]}]}",
        "OPENAI | {`query`:`#`,`documents`:[`#`,{`text`:`#`,`meta`:{`file_id`:`#`,`a`:[`#`]}},{`content`:[{`type`:`text`,`text`:`#`}]}]}",
        "OPENAI | {`tools`:[{`type`:`function`,`function`:{`name`:`#`,`description`:`#`,`parameters`:{`properties`:{`file_id`:{`type`:`string`,`enum`:[`#`]}}}}}]}",
        "OPENAI | {`tools`:[{`type`:`function`,`name`:`#`,`parameters`:{`file_ids`:{`default`:`#`}}}],`tool_choice`:{`type`:`function`,`name`:`#`}}",
        "OPENAI | {`tools`:[{`parameters`:{`file_ids`:{`default`:`#`}},`name`:`#`,`type`:`function`},{`type`:`custom`,`parameters`:`#`}]}",
        "OPENAI | {`input`:[{`type`:`mcp_list_tools`,`tools`:[{`name`:`#`,`parameters`:{`file_id`:`#`}}]}]}",
        "OPENAI | {`messages`:[{`tools`:[{`type`:`function`,`function`:{`name`:`#`,`parameters`:{`file_id`:`#`}}}]}]}",
        "OPENAI | {`tools`:[{`function`:{`name`:`#`},`parameters`:{`file_id`:`#`}}],`functions`:[{`parameters`:[{`file_id`:{}}]}]}",
        "OPENAI | {`response_format`:{`type`:`json_schema`,`json_schema`:{`name`:`#`,`schema`:{`properties`:{`container`:{`const`:`#`}}}}}}",
        "OPENAI | {`bbox_annotation_format`:{`type`:`json_schema`,`json_schema`:{`name`:`#`,`description`:`#`,`schema`:{`properties`:{`file_id`:{`type`:`string`},`batch_id`:{`const`:`#`}}}}}}",
        "OPENAI | {`document_annotation_format`:{`json_schema`:{`schema`:{`properties`:{`container`:{`const`:`#`},`file_ids`:{}}}}},`document_annotation_prompt`:`#`}",
        "OPENAI | {`nvext`:{`guided_json`:{`properties`:{`file_id`:{`const`:`#`}}},`guided_regex`:`#`,`guided_choice`:[`#`],`guided_grammar`:`#`}}",
        "OPENAI | {`text`:{`format`:{`type`:`json_schema`,`name`:`#`,`schema`:{`title`:`#`}}},`include`:[`#`],`type`:`#`}",
        "OPENAI | {`prompt`:{`variables`:{`file_id`:`#`,`#`:`#`}}}",
        "OPENAI | {`user`:`#`,`safety_identifier`:`#`,`prompt_cache_key`:`#`,`user_id`:`#`,`session_id`:`#`,`cache_salt`:`#`,`extra_key`:`#`,`prompt_cache_isolation_key`:`#`}",
        "OPENAI | {`name`:`#`,`description`:`#`,`filename`:`#`}",
        "ANTHROPIC | {`prompt_cache_key`:`#`,`safety_identifier`:`#`,`session_id`:`#`}",
        "COHERE | {`prompt_cache_key`:`#`,`safety_identifier`:`#`,`session_id`:`#`}",
        "ANTHROPIC | {`system`:`#`,`messages`:[{`content`:`#`},{`content`:[{`type`:`text`,`text`:`#`},{`type`:`tool_use`,`id`:`#`,`name`:`#`,`input`:{`file_id`:`#`}},{`type`:`tool_result`,`tool_use_id`:`#`,`content`:`#`}]}]}",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`document`,`title`:`#`,`context`:`#`,`source`:{`type`:`text`,`data`:`#`}}]}],`stop_sequences`:[`#`]}",
        "ANTHROPIC | {`tools`:[{`name`:`#`,`description`:`#`,`input_schema`:{`properties`:{`container`:{`enum`:[`#`]}}}}],`metadata`:{`user_id`:`#`},`tool_choice`:{`type`:`tool`,`name`:`#`}}",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`tool_result`,`content`:[{`type`:`browser_state`,`tabs`:[{`tab_id`:`#`,`title`:`#`,`url`:`chrome://newtab/`}],`state_changes`:[{`type`:`download_completed`,`download_id`:`#`,`url`:`https://x`,`path`:`/home/a/b.pdf`},{`type`:`download_failed`,`error`:`#`}]}]}]}]}",
        "ANTHROPIC | {`tools`:[{`parameters`:{`file_id`:[`#`]}},{`parameters`:{`file_id`:`#`},`type`:`custom`}]}",
        "BEDROCK | {`tools`:[{`type`:`function`,`function`:{`parameters`:{`file_id`:[`#`]}}},{`parameters`:{`file_id`:`#`},`type`:`custom`},{`parameters`:{`file_id`:`#`}}]}",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`name`:`#`,`description`:`#`,`input_schema`:{`title`:`#`}}}}]}]}",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`tool_use`,`name`:`#`,`toolset_name`:`#`},{`type`:`tool_removal`,`tool`:{`type`:`mcp_tool_reference`,`server_name`:`#`,`name`:`#`}}]}]}",
        "GEMINI | {`contents`:[{`parts`:[{`text`:`#`},{`functionCall`:{`name`:`#`,`args`:{`fileUri`:`#`}}},{`functionResponse`:{`name`:`#`,`response`:{`fileUri`:`#`}}}]}]}",
        "GEMINI | {`systemInstruction`:{`parts`:[{`text`:`#`}]},`generationConfig`:{`stopSequences`:[`#`],`responseSchema`:{`title`:`#`}}}",
        "GEMINI | {`tools`:[{`functionDeclarations`:[{`name`:`#`,`description`:`#`,`parameters`:{`properties`:{`fileUri`:{`enum`:[`#`]}}}}]}]}",
        "COHERE | {`message`:`#`,`documents`:[{`id`:`#`,`data`:{`file_id`:`#`}}],`tool_results`:[{`call`:{`name`:`#`},`outputs`:[{`a`:`#`}]}],`preamble`:`#`}",
        "BEDROCK | {`outputConfig`:{`textFormat`:{`type`:`json_schema`,`structure`:{`jsonSchema`:{`name`:`#`,`description`:`#`,`schema`:`#`}}}}}",
        "BEDROCK | {`output_config`:{`effort`:`low`,`format`:{`type`:`json_schema`,`schema`:{`const`:`#`}}},`output_format`:{`schema`:{`const`:`#`}}}",
        "COHERE | {`documents`:[`#`,{`id`:`#`,`data`:{`image_url`:`/srv/x`,`uuid`:`#`,`tools`:[{`type`:`#`}]}},{`title`:`#`,`content`:`#`,`path`:`/a`}]}",
        "COHERE | {`messages`:[{`content`:`#`,`tool_calls`:[{`id`:`#`,`function`:{`arguments`:`#`}}]},{`role`:`tool`,`tool_call_id`:`#`,`content`:[{`type`:`document`,`document`:{`data`:`#`}}]}]}"
      })
  void what_people_and_programs_write_never_counts(WireFormat format, String body) {
    String id = format == WireFormat.GEMINI ? NAME : ID;

    assertThat(found(format, body.replace("#", id))).isEqualTo(RequestedObjects.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`messages`:[{`content`:[{`image_url`:{`url`:`https://example.com/a.png`}}]}]}",
        "{`messages`:[{`content`:[{`image_url`:` HTTP://example.com/a.png`},{`image_url`:null}]}]}",
        "{`messages`:[{`content`:[{`video_url`:{`url`:`data:video/mp4;base64,AAAA`}}]}]}",
        "{`messages`:[{`content`:[{`image_url`:{`url`:`/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkS+/==`}}]}]}",
        "{`documents`:[{`content`:[{`image_url`:{`url`:`https://example.com/a.png`}}],`path`:`/a`}]}",
        "{`output_path`:``,`perf_dump_path`:null,`lora_path`:null,`show_path`:true,`path`:7}",
        "{`lora_path`:`company/sql`,`character`:`Dr. Ada`,`instruction_template`:`Alpaca`}",
        "{`metadata`:{`path`:`/a`},`tools`:[{`type`:`function`,`function`:{`parameters`:{`path`:`/a`}}}]}",
        "{`input`:[{`type`:`computer_call`,`call_id`:`c`,`action`:{`type`:`drag`,`path`:[{`x`:1}]}}]}",
        "{`tools`:[{`type`:`shell`,`environment`:{`type`:`local`,`skills`:[{`name`:`a`,`path`:`/home/ada/skill`}]}}]}",
        "{`messages`:[{`content`:[{`image_url`:{`url`:`R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7`}}]}]}",
        "{`messages`:[{`content`:[{`image_url`:`iVBORw0KGgoAAAANSUhEUg`},{`image_url`:`UklGRiQAAABXRUJQVlA4`},{`image_url`:`Qk06AAAAAAAAADYAAAA`}]}]}",
        "{`messages`:[{`content`:[{`video_url`:`AAAAIGZ0eXBpc29t`},{`video_url`:`GkXfo59ChoEBQveBAULygQRC84EI`}]}]}",
        "{`messages`:[{`content`:[{`audio_url`:`//uQxAAAAAAAAAAAAAAAAAAAAAAASW5mbwAAAA8`},{`audio_url`:{`url`:`//NkxAAAAANIAAAAAExBTUUzLjEwMFVV`}}]}]}",
        "{`messages`:[{`content`:[{`audio_url`:`//FQgBzf/N4CAExhdmM2MC4zLjEwMABC`},{`audio_url`:`//lMQAv/`}]}]}",
        "{`messages`:[{`content`:[{`type`:`input_audio`,`input_audio`:{`data`:`UklGRiQAAABXQVZFZm10IBAAAAABAAEA`,`format`:`wav`}}]}]}",
        "{`messages`:[{`content`:[{`input_audio`:{`data`:`SUQzBAAAAAAAI1RTU0UAAAAPAAADTGF2ZjU4`,`format`:`mp3`}},{`input_audio`:{`data`:`data:;base64,T2dnUwAC`}}]}]}",
        "{`input`:[{`text`:`a`,`image`:`https://example.com/a.png`},{`image`:`/9j/4AAQSkZJRg`}],`image`:{`url`:`data:image/png;base64,iVBORw0KGgo`}}",
        "{`audio`:{`voice`:`alloy`,`format`:`wav`},`messages`:[{`audio`:{`transcript`:`a`}}],`voice`:`alloy`}",
        "{`attributes`:{`file_path`:`docs/a.md`},`files`:[{`attributes`:{`path`:`docs/a.md`}}]}",
        "{`tools`:[{`type`:`function`,`input_examples`:[{`path`:`/a`}],`function`:{`name`:`f`,`input_examples`:[{`path`:`/a`}]}}]}",
        "{`tools`:[{`type`:`mcp`,`server_label`:`a`,`headers`:{`X-Workspace-Path`:`/w`}}]}",
        "{`inputs`:[{`type`:`function.call`,`arguments`:{`path`:`/a`}}]}",
        "{`messages`:[{`content`:[{`type`:`tool_use`,`name`:`read`,`input`:{`path`:`/a`}}]}]}",
        "{`metadata`:{`host`:`a`,`url`:`https://x.dev`,`api_key`:`k`,`headers`:{`timeout`:`1`}}}",
        "{`metadata`:{`langfuse_session_id`:`a`,`langfuse_user_id`:`b`,`tags`:[`c`]}}",
        "{`metadata`:{`cache`:`a`,`model_info`:`b`,`team_id`:`c`,`user_api_key_name`:`d`}}",
        "{`guardrails`:[`pii`],`metadata`:{`guardrails`:[`pii`],`trace_id`:`a`},`cache`:null}",
        "{`model`:`meta-llama/Llama-3.1-8B:free`,`models`:[`a/b`],`fallbacks`:[{`model`:`a/b`}]}",
        "{`model`:`/models/llama`,`files`:[{`url`:`https://example.com/a.pdf`}]}",
        "{`tools`:[{`type`:`mcp`,`server_label`:`a`,`headers`:{`Authorization`:`Bearer x`}}]}",
        "{`text`:{`organization`:`a`},`user`:`a`,`provider`:{`order`:[`a`]}}",
        "{`chat_template_kwargs`:{`path`:`/a`},`litellm_metadata`:{`path`:`/a`},`trace`:{`path`:`/a`}}",
        "{`the_directory_in_which_the_profile_is_stored_pathway`:`a`}",
        "{`messages`:[{`content`:[{`type`:`file_url`,`file_url`:{`url`:`JVBERi0xLjcKJcOkw7zDtsOfCjIgMCBvYmoKPDwvTGVuZ3RoIDMgMCBSL0Zp`}}]}]}",
        "{`input`:[{`type`:`computer_call_output`,`call_id`:`a`,`output`:{`type`:`computer_screenshot`,`image_url`:`data:image/png;base64,AA==`,`current_url`:`chrome://newtab/`}}]}",
        "{`input`:[{`type`:`computer_call_output`,`output`:{`type`:`computer_screenshot`,`current_url`:`about:blank`}}]}",
        "{`pathway`:`a`,`paths_only`:`a`}"
      })
  void what_names_no_file_of_the_server_is_no_reference(String body) {
    assertThat(found(WireFormat.OPENAI, body)).isEqualTo(RequestedObjects.NONE);
  }

  /** Only the beginning of a long text is read. A slash belongs to the alphabet of Base64. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | {`messages`:[{`content`:[{`image_url`:{`url`:`#`}}]}]}",
        "OPENAI | {`messages`:[{`content`:[{`audio_url`:`#`}]}]}",
        "OPENAI | {`documents`:[{`content`:[{`image_url`:{`url`:`#`}}]}]}",
        "OPENAI | {`character`:`#`}",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`image`,`source`:{`type`:`url`,`url`:`#`}}]}]}"
      })
  void a_long_name_of_a_file_is_a_reference(WireFormat format, String body) {
    String end = "/".repeat(300) + "../../srv/x.png";
    for (String begin :
        List.of("sglang", "", "usr", "/usr", "//usr", "//tmp", "//var", "//logs", "AAA")) {
      assertThat(found(format, body.replace("#", begin + end)).references())
          .as(begin)
          .extracting(ObjectReference::id)
          .containsExactly((begin + end).substring(0, 256));
    }
    assertThat(found(format, body.replace("#", "a".repeat(300) + end)).references()).hasSize(1);
  }

  /** Wherever the part that is read ends. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "aa", "aaa"})
  void the_beginning_of_a_long_address_in_a_query_is_enough(String more) {
    FoundReferences found = new FoundReferences(WireFormat.OPENAI.api().objectPlaces());
    FieldReferenceScan scan = new FieldReferenceScan(found);
    byte[] query =
        ("image_url=https%3A%2F%2Fexample.com%2F" + more + "%41".repeat(2_000)).getBytes(UTF_8);
    scan.read(query, 0, query.length);
    scan.complete();

    assertThat(found.all()).isEqualTo(RequestedObjects.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{`File_Id`:`x`}",
        "{`fileId`:`x`}",
        "{`file_id`:7}",
        "{`file_id`:true}",
        "{`file_id`:{}}",
        "{`file_id`:[`x`]}",
        "{`file_id`:null,`file_id`:`x`}",
        "{`file_id`:`x`,`fi\\u006ce_id`:`x`}",
        "{`file_ids`:`x`}",
        "{`file_ids`:[[`x`]]}",
        "{`file_ids`:[{`id`:`x`}]}",
        "{`file_ids`:[7]}",
        "{`file_\\u0131d`:`x`}",
        "{`\\u0000`:1}",
        "{`conversation`:[`x`]}",
        "{`tools`:[{`type`:[`function`]}]}",
        "{`tools`:[{`type`:7}]}",
        "{`tools`:[{`type`:`function`,`type`:`custom`}]}",
        "{`tools`:[{`Type`:`function`}]}",
        "{`tools`:[{`type`:`shell`,`Environment`:{`type`:`local`}}]}",
        "{`tools`:[{`type`:`shell`,`environment`:{`type`:`local`},`environment`:{}}]}",
        "{`tools`:[{`type`:`shell`,`environment`:7}]}",
        "{`tools`:[{`parameters`:{`file_id`:{}},`type`:`openrouter:web_search`}]}",
        "{`storageOptions`:{}}",
        "{`ec_transfer_params`:{}}",
        "{`bootstrap_host`:[`10.0.0.1`]}",
        "{`bootstrap_port`:8998}",
        "{`bootstrap_room`:7}",
        "{`disaggregated_params`:{`request_type`:`generation_only`,`ctx_request_id`:7}}",
        "{`migration_request`:{`remote_session_id`:7}}",
        "{`logits_processors`:[{`qualname`:`x`}]}",
        "{`messages`:[{`content`:[{`audio_embeds`:{`audio_embeds`:`x`}}]}]}",
        "{`features`:{`memory`:true}}",
        "{`user_security_context`:{`end_user_id`:`x`,`source_ip`:`10.0.0.1`}}",
        "{`tool_servers`:[{`url`:`http://10.0.0.1`}]}",
        "{`extra_headers`:{`Authorization`:`Bearer sk-mine`}}",
        "{`headers`:{`Authorization`:`Bearer sk-mine`}}",
        "{`model_list`:[{`model_name`:`m`,`litellm_params`:{`api_base`:`https://x.dev`}}]}",
        "{`apiKey`:`sk-mine`}",
        "{`input_cost_per_token`:0}",
        "{`callbacks`:[`langfuse`]}",
        "{`litellm_params`:{`metadata`:{}}}",
        "{`router_settings_override`:{`timeout`:0.001}}",
        "{`cache`:{`namespace`:`x`}}",
        "{`model_info`:{`id`:`x`}}",
        "{`mock_tool_calls`:[{`function`:{`name`:`f`}}]}",
        "{`metadata`:{`caching_groups`:[`m`]}}",
        "{`disable_global_guardrails`:true}",
        "{`metadata`:{`disable_global_guardrail`:true}}",
        "{`litellm_metadata`:{`_pipeline_managed_guardrails`:[`x`]}}",
        "{`metadata`:{`dd_agent_port`:1}}",
        "{`messages`:[{`content`:[{`image_url`:{`content_hash`:{}}}]}]}",
        "{`documents`:[{`content`:[{`uuid`:`a`,`UUID`:`b`}]}]}",
        "{`documents`:{`content`:[{`uuid`:{}}]}}",
        "{`messages`:[{`content`:[{`uuid`:`a`,`UUID`:`b`}]}]}",
        "{`messages`:[{`content`:[{`uuid`:{}}]}]}",
        "{`messages`:[{`content`:[{`content`:[{`content`:[{`uuid`:`a`}]}]}]}]}",
        "{`agent`:{`name`:`x`}}",
        "{`agent_reference`:{`type`:`agent_reference`,`name`:`x`}}",
        "{`tools`:[{`sharepoint_grounding_preview`:{`project_connections`:[{}]}}]}",
        "{`input`:[{`ID`:`x`,`content`:`y`}]}",
        "{`input`:[{`id`:7,`content`:`y`}]}",
        "{`input`:[{`type`:`local_shell_call_output`,`type`:`message`,`id`:`x`,`content`:`y`}]}",
        "{`input`:[{`Type`:`local_shell_call_output`,`id`:`x`,`output`:`y`}]}"
      })
  void a_reference_that_is_not_plainly_one_is_unclear(String body) {
    assertThat(found(WireFormat.OPENAI, body).unclear()).as(body).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`file_id`:`fi\\u006ce-1`} | file-1",
        "{`fi\\u006ce_id`:`x`} | x",
        "{`new`:`\\u0066ile-0123456789abcdefX`} | file-0123456789abcdefX",
        "{`new`:` file-0123456789abcdefX\\n`} | file-0123456789abcdefX",
        "{`new`:`file-0123456789abcdefX\\u0000x`} | file-0123456789abcdefX"
      })
  void escapes_hide_nothing(String body, String id) {
    assertThat(found(WireFormat.OPENAI, body).references())
        .extracting(ObjectReference::id)
        .containsExactly(id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | {`tools`:[{`type`:`code_interpreter`,`container`:{`type`:`auto`}}]} | true",
        "OPENAI | {`tools`:[{`type`:`code_interpreter`}]} | true",
        "OPENAI | {`tools`:[{`type`:`namespace`,`tools`:[{`type`:`code_interpreter`}]}]} | true",
        "OPENAI | {`tools`:[{`type`:`shell`,`environment`:{`type`:`container_auto`}}]} | true",
        "OPENAI | {`tools`:[{`type`:`shell`,`environment`:{`type`:`new`}}]} | true",
        "OPENAI | {`tools`:[{`type`:`shell`,`environment`:{`type`:`local`}}]} | false",
        "OPENAI | {`tools`:[{`environment`:{`type`:`local`},`type`:`shell`}]} | false",
        "OPENAI | {`tools`:[{`type`:`shell`,`environment`:{}}]} | true",
        "OPENAI | {`tools`:[{`type`:`shell`,`environment`:`local`}]} | true",
        "OPENAI | {`tools`:[{`type`:`shell`,`environment`:`browser`}]} | true",
        "OPENAI | {`tools`:[{`type`:`computer_use_preview`,`environment`:`browser`}]} | false",
        "OPENAI | {`tools`:[{`environment`:`mac`,`type`:`computer_use_preview`}]} | false",
        "OPENAI | {`tools`:[{`type`:`computer_use_preview`,`environment`:`cloud`}]} | true",
        "OPENAI | {`tools`:[{`type`:`shell`,`environment`:{`type`:`browser`}}]} | true",
        "OPENAI | {`tools`:[{`type`:`shell`}]} | true",
        "OPENAI | {`tools`:[{`type`:`bash`}]} | true",
        "OPENAI | {`tools`:[{`type`:`local_shell`}]} | false",
        "OPENAI | {`tools`:[{`type`:`code_interpreter`,`environment`:{`type`:`local`}}]} | true",
        "OPENAI | {`tools`:[{`type`:`shell`,`environment`:{`type`:`local`}}],`tool_choice`:{`type`:`allowed_tools`,`tools`:[{`type`:`shell`}]}} | false",
        "OPENAI | {`tools`:[{`type`:`shell`}],`tool_choice`:{`type`:`allowed_tools`,`tools`:[{`type`:`shell`}]}} | true",
        "OPENAI | {`tools`:[{`parameters`:{`tools`:[{`type`:`code_interpreter`}]},`type`:`function`}]} | false",
        "OPENAI | {`tools`:[{`parameters`:{`tools`:[{`type`:`code_interpreter`}]},`type`:`mcp`}]} | true",
        "OPENAI | {`storage_options`:{`filename`:`a.png`}} | true",
        "OPENAI | {`storage_options`:null} | false",
        "OPENAI | {`tools`:[{`parameters`:{`storage_options`:{}},`type`:`image_generation`}]} | true",
        "OPENAI | {`tools`:[{`type`:`image_generation`,`parameters`:{`storage_options`:{}}}]} | true",
        "OPENAI | {`tools`:[{`parameters`:{`storage_options`:{}},`type`:`function`}]} | false",
        "OPENAI | {`tools`:[{`type`:`web_search`},{`type`:`function`}]} | false",
        "OPENAI | {`messages`:[{`role`:`system`,`tools`:[{`type`:`code_interpreter`}]}]} | true",
        "OPENAI | {`messages`:[{`role`:`system`,`tools`:[{`type`:`function`}]}]} | false",
        "ANTHROPIC | {`tools`:[{`type`:`code_execution_20250825`,`name`:`code_execution`}]} | true",
        "ANTHROPIC | {`container`:{`skills`:[{`type`:`anthropic`,`skill_id`:`pptx`}]}} | true",
        "ANTHROPIC | {`thread`:{`type`:`create`}} | true",
        "ANTHROPIC | {`thread`:{}} | true",
        "ANTHROPIC | {`thread`:null} | false",
        "ANTHROPIC | {`diagnostics`:{`previous_message_id`:`x`}} | false",
        "ANTHROPIC | {`tools`:[{`type`:`bash_20250124`,`name`:`bash`}]} | false",
        "ANTHROPIC | {`tools`:[{`type`:`web_search_20250305`},{`type`:`web_fetch_20250910`}]} | false",
        "ANTHROPIC | {`tools`:[{`type`:`web_search_20260209`}]} | true",
        "ANTHROPIC | {`tools`:[{`type`:`web_fetch_20260318`,`allowed_callers`:[]}]} | true",
        "ANTHROPIC | {`tools`:[{`type`:`web_search_20260209`,`allowed_callers`:[`direct`]}]} | false",
        "ANTHROPIC | {`tools`:[{`allowed_callers`:[`direct`],`type`:`web_fetch_20260318`}]} | false",
        "ANTHROPIC | {`tools`:[{`type`:`web_search_20260209`,`allowed_callers`:[`direct`,`code_execution_20260120`]}]} | true",
        "ANTHROPIC | {`tools`:[{`type`:`web_search_20260209`},{`name`:`x`,`allowed_callers`:[`direct`]}]} | true",
        "ANTHROPIC | {`tools`:[{`type`:`code_execution_20250825`,`allowed_callers`:[`direct`]}]} | true",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`code_execution_20250825`,`name`:`code_execution`}}}]}]} | true",
        "ANTHROPIC | {`messages`:[{`role`:`user`,`content`:[{`type`:`compaction`,`content`:`t`,`tool_changes`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`code_execution_20260521`}}}]}]}]} | true",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`web_search_20260209`}}}]}]} | true",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`web_search_20260209`,`allowed_callers`:[`direct`]}}}]}]} | false",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`web_search_20250305`}}}]}]} | false",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`name`:`f`,`input_schema`:{`tools`:[{`type`:`code_execution_20250825`}]}}}}]}]} | false",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`tool_addition`,`tool`:{`type`:`code_execution_20250825`}}]}]} | true",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`new`,`offer`:{`type`:`code_execution_20250825`}}]}]} | true",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`tool_use`,`input`:{`tool`:{`type`:`code_execution_20250825`}}}]}]} | false",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`server_tool_use`,`name`:`bash_code_execution`,`caller`:{`type`:`code_execution_20250825`,`tool_id`:`x`}}]}]} | false",
        "BEDROCK | {`messages`:[{`content`:[{`type`:`tool_addition`,`tool`:{`type`:`code_execution_20250825`,`name`:`c`}}]}]} | true",
        "BEDROCK | {`messages`:[{`content`:[{`type`:`new`,`offer`:{`type`:`code_execution_20250825`}}]}]} | true",
        "BEDROCK | {`messages`:[{`content`:[{`type`:`server_tool_use`,`caller`:{`type`:`code_execution_20250825`,`tool_id`:`x`}}]}]} | false",
        "GEMINI | {`tools`:[{`codeExecution`:{}}]} | false"
      })
  void a_tool_that_makes_a_container_is_found(WireFormat format, String body, boolean makes) {
    assertThat(found(format, body).made().isEmpty()).isEqualTo(!makes);
    assertThat(found(format, body).references()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "OPENAI | {`tools`:[{`type`:`image_generation`}]} | true",
        "OPENAI | {`tools`:[{`type`:`web_search`},{`type`:`image_gener\\u0061tion`}]} | true",
        "OPENAI | {`messages`:[{`role`:`system`,`tools`:[{`type`:`image_generation`}]}]} | true",
        "OPENAI | {`tools`:[{`parameters`:{`tools`:[{`type`:`image_generation`}]},`type`:`mcp`}]} | true",
        "OPENAI | {`tools`:[{`type`:`web_search`},{`type`:`code_interpreter`}]} | false",
        "OPENAI | {`tools`:[{`type`:`function`,`function`:{`name`:`image_generation`}}]} | false",
        "OPENAI | {`tools`:[{`type`:`function`,`parameters`:{`tools`:[{`type`:`image_generation`}]}}]} | false",
        "OPENAI | {`tool_choice`:{`type`:`allowed_tools`,`tools`:[{`type`:`image_generation`}]}} | false",
        "ANTHROPIC | {`tools`:[{`type`:`web_search_20250305`}]} | false"
      })
  void a_tool_that_makes_images_is_found(WireFormat format, String body, boolean makes) {
    assertThat(found(format, body).makesImages()).isEqualTo(makes);
    assertThat(found(format, body).references()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "OPENAI | {`tools`:[{`type`:`memory_search_preview`}]} | memory_search_preview",
        "OPENAI | {`tools`:[{`type`:`function`},{`type`:`openapi`},{`type`:`a2a`}]} | openapi",
        "OPENAI | {`tools`:[{`Type`:`azure_function`}]} | azure_function",
        "OPENAI | {`tools`:[{`type`:`function`,`type`:`x`}]} | x",
        "OPENAI | {`tools`:[{`type`:`function `}]} | 'function '",
        "OPENAI | {`tools`:[{`type`:`Function`}]} | Function",
        "OPENAI | {`tools`:[{`type`:`web_search_premium`}]} | web_search_premium",
        "OPENAI | {`tools`:[{`type`:`code_interpreter_2025_01_01`}]} | code_interpreter_2025_01_01",
        "OPENAI | {`tools`:[{`type`:`namespace`,`tools`:[{`type`:`x`}]}]} | x",
        "OPENAI | {`input`:[{`type`:`tool_search_output`,`tools`:[{`type`:`x`}]}]} | x",
        "OPENAI | {`tools`:[{`type`:`web_search_2025_08_26`},{`type`:`web_search_preview_2025_03_11`}]} | none",
        "OPENAI | {`tools`:[{`type`:`custom`,`format`:{`type`:`grammar`}},{`type`:`tool_search`},{`type`:`mcp`}]} | none",
        "OPENAI | {`tools`:[{`type`:`web_search`,`user_location`:{`type`:`approximate`}}]} | none",
        "OPENAI | {`tools`:[{`type`:`function`,`function`:{`parameters`:{`type`:`object`}}}]} | none",
        "OPENAI | {`tools`:[{`type`:`local_shell`},{`type`:`shell`},{`type`:`apply_patch`},{`type`:`computer`}]} | none",
        "OPENAI | {`tools`:[{`type`:`computer_use_preview`},{`type`:`programmatic_tool_calling`}]} | none",
        "OPENAI | {`functions`:[{`name`:`f`,`parameters`:{`type`:`object`}}]} | none",
        "OPENAI | {`tools`:[{`name`:`f`,`parameters`:{}}]} | ''",
        "OPENAI | {`tools`:[{`type`:null,`retrieval`:{}}]} | ''",
        "OPENAI | {`tools`:[{`function`:{`name`:`f`}}]} | none",
        "OPENAI | {`input`:[{`type`:`mcp_list_tools`,`tools`:[{`name`:`x`}]}]} | none",
        "OPENAI | {`tools`:[{`type`:`openrouter:web_search`},{`type`:`openrouter:web_fetch`}]} | none",
        "OPENAI | {`tools`:[{`type`:`openrouter:datetime`},{`type`:`openrouter:image_generation`}]} | none",
        "OPENAI | {`tools`:[{`type`:`openrouter:files`}]} | openrouter:files",
        "OPENAI | {`tools`:[{`type`:`x`},{`type`:`openrouter:shell`},{`type`:`y`}]} | openrouter:shell",
        "OPENAI | {`tools`:[{`type`:`browser_search`},{`type`:`x_search`},{`type`:`code_execution`}]} | none",
        "OPENAI | {`tools`:[{`type`:`view_image`},{`type`:`view_x_video`}]} | none",
        "OPENAI | {`tool_choice`:{`type`:`allowed_tools`,`tools`:[{`type`:`memory_search_preview`}]}} | memory_search_preview",
        "OPENAI | {`messages`:[{`role`:`system`,`tools`:[{`type`:`openrouter:files`}]}]} | openrouter:files",
        "OPENAI | {`messages`:[{`tools`:[{`type`:`builtin_function`,`function`:{`name`:`$web_search`}}]}]} | builtin_function",
        "OPENAI | {`messages`:[{`tools`:[{`retrieval`:{}}]}]} | ''",
        "OPENAI | {`messages`:[{`content`:[{`type`:`x`,`tools`:[{`type`:`y`}]}]}]} | y",
        "OPENAI | {`new`:{`tools`:[{`type`:`x`}]}} | x",
        "OPENAI | {`messages`:[{`tools`:[{`type`:`function`,`function`:{`parameters`:{`tools`:[{`type`:`x`}]}}}]}]} | none",
        "OPENAI | {`tools`:[{`name`:`f`,`parameters`:{`properties`:{`tools`:{`type`:`array`}}},`type`:`function`}]} | none",
        "OPENAI | {`tools`:[{`type`:`namespace`,`tools`:[{`parameters`:{`properties`:{`tools`:{`type`:`array`}}},`type`:`function`}]}]} | none",
        "OPENAI | {`input`:[{`type`:`tool_search_output`,`tools`:[{`parameters`:{`properties`:{`tools`:{`type`:`array`}}},`type`:`function`}]}]} | none",
        "OPENAI | {`functions`:[{`name`:`f`,`parameters`:{`properties`:{`tools`:{`type`:`array`}}}}]} | none",
        "OPENAI | {`json_schema`:{`properties`:{`tools`:{`type`:`array`}}},`completion_args`:{`response_format`:{`json_schema`:{`schema`:{`tools`:{}}}}}} | none",
        "OPENAI | {`response_format`:{`type`:`json`,`value`:{`properties`:{`tools`:{`type`:`array`}}}}} | none",
        "OPENAI | {`bbox_annotation_format`:{`json_schema`:{`schema`:{`properties`:{`tools`:{`type`:`array`}}}}}} | none",
        "OPENAI | {`document_annotation_format`:{`json_schema`:{`schema`:{`tools`:{`type`:`array`}}}}} | none",
        "OPENAI | {`nvext`:{`guided_json`:{`properties`:{`tools`:{`type`:`array`}}}}} | none",
        "OPENAI | {`compound_custom`:{`tools`:{`enabled_tools`:[`web_search`],`wolfram_settings`:{`authorization`:`k`}}}} | none",
        "OPENAI | {`compound_custom`:{`tools`:{`tools`:[{`type`:`x`}]}}} | x",
        "OPENAI | {`new`:{`tools`:{`enabled_tools`:[`web_search`]}}} | ''",
        "OPENAI | {`new`:{`json_schema`:{`tools`:[{`type`:`x`}]}}} | x",
        "OPENAI | {`tools`:[{`parameters`:{`tools`:[{`type`:`openrouter:files`}]},`type`:`openrouter:web_search`}]} | openrouter:files",
        "OPENAI | {`tools`:[{`parameters`:{`a`:{`tools`:[{`parameters`:{`tools`:[{`type`:`x`}]},`type`:`mcp`}]}},`type`:`mcp`}]} | x",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`tools`:[{`type`:`openrouter:files`}]}]} | openrouter:files",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`tool_use`,`input`:{`tools`:[{`type`:`x`}]}}]}]} | none",
        "ANTHROPIC | {`tools`:[{`type`:`bash_20250124`}]} | none",
        "ANTHROPIC | {`tools`:[{`name`:`f`,`input_schema`:{`type`:`x`}},{`type`:`custom`},{`type`:`mcp_toolset`}]} | none",
        "ANTHROPIC | {`tools`:[{`type`:`text_editor_20250728`},{`type`:`computer_20251124`},{`type`:`memory_20250818`}]} | none",
        "ANTHROPIC | {`tools`:[{`type`:`tool_search_tool_regex_20251119`},{`type`:`tool_search_tool_bm25`}]} | none",
        "ANTHROPIC | {`tools`:[{`type`:`openrouter:web_fetch`},{`type`:`openrouter:files`}]} | openrouter:files",
        "ANTHROPIC | {`tools`:[{`type`:`agent_20260101`}]} | agent_20260101",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`agent_20260101`}}}]}]} | agent_20260101",
        "ANTHROPIC | {`messages`:[{`role`:`user`,`content`:[{`type`:`compaction`,`content`:`t`,`tool_changes`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`agent_20260101`}}}]}]}]} | agent_20260101",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`openrouter:files`}}}]}]} | openrouter:files",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`type`:`web_search_20250305`}}}]}]} | none",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_definition`,`definition`:{`name`:`f`,`input_schema`:{`type`:`object`}}}}]}]} | none",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`tool_addition`,`tool`:{`type`:`agent`}}]}]} | agent",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`new`,`offers`:[{`type`:`agent_20260101`}]}]}]} | agent_20260101",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`new`:{`type`:`web_search_20250305`}}]} | web_search_20250305",
        "ANTHROPIC | {`messages`:[{`role`:`system`,`content`:[{`type`:`tool_addition`,`tool`:{`type`:`tool_reference`,`name`:`f`}},{`type`:`tool_removal`,`tool`:{`type`:`mcp_tool_reference`,`server_name`:`s`,`name`:`f`}},{`type`:`tool_addition`,`tool`:{`type`:`mcp_toolset_reference`,`server_name`:`s`}}]}]} | none",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`mcp_tool_listing`,`mcp_server_name`:`s`,`tools`:[{`name`:`f`,`input_schema`:{}}]}]}]} | none",
        "ANTHROPIC | {`messages`:[{`content`:[{`type`:`tool_result`,`content`:[{`type`:`tool_reference`,`tool_name`:`f`}]}]}]} | none",
        "ANTHROPIC | {`tools`:[{`type`:`web_fetch_20260318`,`url_sources`:{`client_tool_results`:{`type`:`only`,`tools`:[{`type`:`tool_reference`,`name`:`f`}]}}}]} | none",
        "ANTHROPIC | {`tools`:[{`type`:`computer_toolset_20260801`,`configs`:{`zoom`:{`enabled`:false}}},{`type`:`browser_toolset_20260801`}]} | none",
        "ANTHROPIC | {`tools`:[{`type`:`computer_toolkit_20260801`}]} | computer_toolkit_20260801",
        "ANTHROPIC | {`context_management`:{`edits`:[{`type`:`clear_tool_uses_20250919`,`exclude_tools`:[`f`]}]}} | none",
        "GEMINI | {`tools`:[{`googleSearch`:{}},{`url_context`:{}},{`codeExecution`:{}},{`functionDeclarations`:[{`name`:`f`}]}]} | none",
        "GEMINI | {`tools`:[{`googleMaps`:{`new`:1}},{`computerUse`:{}},{`fileSearch`:{}},{`mcpServers`:[{`name`:`x`}]}]} | none",
        "GEMINI | {`tools`:[{`enterpriseWebSearch`:{}},{`googleSearchRetrieval`:{}},{`exaAiSearch`:{}},{`parallel_ai_search`:{}}]} | none",
        "GEMINI | {`tools`:[{`googleSearch`:{}},{`memoryBank`:{}}]} | memoryBank",
        "GEMINI | {`requests`:[{`tools`:{`googleSearch`:{},`drive`:{}}}]} | drive",
        "BEDROCK | {`toolConfig`:{`tools`:[{`toolSpec`:{`name`:`f`}},{`systemTool`:{`name`:`nova_grounding`}},{`cachePoint`:{`type`:`default`}}]}} | none",
        "BEDROCK | {`toolConfig`:{`tools`:[{`agentGateway`:{`id`:`x`}}]}} | agentGateway",
        "BEDROCK | {`tools`:[{`type`:`function`},{`type`:`bash_20250124`},{`name`:`f`}]} | none",
        "BEDROCK | {`tools`:[{`type`:`agent_20260101`}]} | agent_20260101",
        "BEDROCK | {`additionalModelRequestFields`:{`tools`:[{`type`:`agent_20260101`}]}} | agent_20260101",
        "BEDROCK | {`messages`:[{`content`:[{`type`:`tool_addition`,`tool`:{`type`:`agent`}}]}]} | agent",
        "BEDROCK | {`messages`:[{`content`:[{`tool_changes`:[{`tool`:{`type`:`tool_definition`,`definition`:{`type`:`agent`}}}]}]}]} | agent",
        "BEDROCK | {`messages`:[{`content`:[{`type`:`new`,`offers`:[{`type`:`agent_20260101`}]}]}]} | agent_20260101",
        "BEDROCK | {`tools`:[{`parameters`:{`tools`:[{`type`:`x`}]},`type`:`mcp_toolset`}]} | x",
        "BEDROCK | {`tools`:[{`type`:`function`,`function`:{`name`:`f`,`parameters`:{`properties`:{`tools`:{`type`:`array`}}}}}]} | none",
        "BEDROCK | {`toolConfig`:{`tools`:[{`toolSpec`:{`inputSchema`:{`json`:{`properties`:{`tools`:{`type`:`array`}}}}}}],`toolChoice`:{`tool`:{`name`:`f`}}}} | none",
        "BEDROCK | {`messages`:[{`content`:[{`toolUse`:{`input`:{`tools`:[{`type`:`x`}]}}},{`toolResult`:{`content`:[{`json`:{`tool`:{`type`:`x`}}}]}}]}]} | none",
        "BEDROCK | {`tool_results`:[{`call`:{`parameters`:{`tool`:{`type`:`x`}}},`outputs`:[{`tools`:{`type`:`x`}}]}]} | none",
        "BEDROCK | {`context_management`:{`edits`:[{`type`:`clear_tool_uses_20250919`,`exclude_tools`:[`f`]}]}} | none",
        "BEDROCK | {`additionalModelRequestFields`:{`context_management`:{`edits`:[{`type`:`clear_tool_uses_20250919`}]}}} | none",
        "BEDROCK | {`response_format`:{`type`:`json_schema`,`json_schema`:{`schema`:{`properties`:{`tools`:{`type`:`array`}}}}}} | none",
        "BEDROCK | {`additionalModelRequestFields`:{`output_config`:{`format`:{`type`:`json_schema`,`schema`:{`properties`:{`tools`:{`type`:`array`}}}}}}} | none",
        "COHERE | {`tools`:[{`type`:`web_search`}]} | web_search",
        "COHERE | {`tools`:[{`type`:`function`},{`type`:`openrouter:files`}]} | openrouter:files",
        "COHERE | {`tools`:[{`Type`:`Function`}]} | Function",
        "COHERE | {`new`:{`tools`:[{`type`:`x`}]}} | x",
        "COHERE | {`messages`:[{`tools`:[{`type`:`x`}]}]} | x",
        "COHERE | {`tools`:[{`name`:`f`,`description`:`d`,`parameter_definitions`:{`tools`:{`type`:`x`}}}]} | none",
        "COHERE | {`tools`:[{`type`:`function`,`function`:{`name`:`f`,`parameters`:{`tools`:[{`type`:`x`}]}}}]} | none",
        "COHERE | {`documents`:[{`data`:{`tools`:[{`type`:`x`}]}}],`messages`:[{`tool_calls`:[{`type`:`x`}]}]} | none",
        "OLLAMA | {`tools`:[{`type`:`web_search`}]} | web_search",
        "OLLAMA | {`Tools`:[{`type`:`function`,`Type`:`x`}]} | x",
        "OLLAMA | {`tools`:[{`function`:{`name`:`f`,`parameters`:{`tools`:[{`type`:`x`}]}}},{`type`:`function`}]} | none",
        "OLLAMA | {`format`:{`tools`:[{`type`:`x`}]},`messages`:[{`tools`:[{`type`:`x`}]}]} | none"
      })
  void the_type_of_a_tool_that_nobody_knows_is_found(
      WireFormat format, String body, @Nullable String type) {
    assertThat(found(format, body).unknownTool()).isEqualTo(Optional.ofNullable(type));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://crm.0dnfez5s.tunnel.anthropic.com/mcp",
        "https://crm.0dnfez5s.TUNNEL.anthropic.com.:443/mcp",
        "https://user@crm.x.tunnel.anthropic.com",
        "https://example.com@crm.x.tunnel.anthropic.com?a",
        "https://crm.x.tunnel.anthropic.com#@example.com",
        "https://crm.x.tunnel.anthropic.com\\\\@example.com/",
        "https://example.com\\\\.x.tunnel.anthropic.com/",
        "https:\\\\\\\\crm.x.tunnel.anthropic.com",
        "https:crm.x.tunnel.anthropic.com",
        "https:///crm.x.tunnel.anthropic.com",
        " https://crm.x.tunnel.anthropic.com",
        "ht\\ttps://crm.x.tunnel.anthropic.com",
        "https://crm.x.tun\\nnel.anthropic.com",
        "https://crm.x.tunnel.anthropic%2ecom",
        "https://crm.x.tunnel.anthropic\u3002com",
        "https://crm.x.tunnel.anthropi\uff43.com",
        "//crm.x.tunnel.anthropic.com",
        "https://./x",
        "crm.x.tunnel.anthropic.com",
        "ftp://example.com"
      })
  void a_server_that_may_stand_in_the_network_of_the_account_is_a_reference(String address) {
    RequestedObjects found =
        found(
            WireFormat.ANTHROPIC,
            "{`mcp_servers`:[{`type`:`url`,`name`:`a`,`url`:`%s`}]}".formatted(address));

    assertThat(found.references()).extracting(ObjectReference::place).containsExactly("url");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.openai.com/v1/mcp/tunnel_0123456789abcdef0123456789abcdef",
        "https://mtls.api.openai.com/v1/mcp/x",
        "https://us.api.openai.com/"
      })
  void a_tunnel_of_the_account_is_no_public_server(String address) {
    RequestedObjects found =
        found(WireFormat.OPENAI, "{`tools`:[{`type`:`mcp`,`server_url`:`%s`}]}".formatted(address));

    assertThat(found.references()).extracting(ObjectReference::place).containsExactly("server_url");
  }

  /** A proxy may call it from where it stands, which is the network of its owner. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8000",
        "LOCALHOST.",
        "intranet",
        "intranet.",
        ".intranet",
        "a.localhost",
        "printer.local",
        "Printer.LOCAL.:8443",
        "metadata.google.internal",
        "localhost.localdomain",
        "wiki.intranet",
        "router.lan",
        "redis.default.svc",
        "kubernetes.default",
        "vault.service.consul",
        "wiki.corp",
        "database.network-1",
        ".com",
        "router.home.arpa",
        "user@localhost",
        "mcp.example.com@intranet",
        "127.0.0.1",
        "127.0.0.1.",
        "127.0.0.1:8000",
        "127.1",
        "0",
        "0.0.0.0",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0x7f.0x0.0x0.0x1",
        "0177.0.0.1",
        "127.0.0.0x1",
        "10.0.0.1",
        "100.64.0.1",
        "169.254.169.254",
        "168.63.129.16",
        "172.16.0.1",
        "192.168.1.1",
        "192.0.2.1",
        "224.0.0.1",
        "256.8.8.8",
        "8.8.8",
        "8.8.8.8.8",
        "mcp.example.1",
        "mcp.example._tcp",
        "[::]",
        "[::1]",
        "[::1]:8000",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[FD00::1]",
        "[fd00:ec2::254]",
        "[2001:db8::1]",
        "[1]",
        "[8.8.8]",
        "[mcp.example.com]"
      })
  void a_server_that_may_stand_in_a_network_of_its_own_is_a_reference(String host) {
    for (String scheme : List.of("http", "https")) {
      String address = scheme + "://" + host + "/mcp";
      assertThat(
              found(
                      WireFormat.OPENAI,
                      "{`tools`:[{`type`:`mcp`,`server_url`:`%s`}]}".formatted(address))
                  .references())
          .extracting(ObjectReference::id)
          .containsExactly(address);
      assertThat(
              found(
                      WireFormat.ANTHROPIC,
                      "{`mcp_servers`:[{`type`:`url`,`url`:`%s`}]}".formatted(address))
                  .references())
          .extracting(ObjectReference::id)
          .containsExactly(address);
      assertThat(found(WireFormat.GEMINI, ofFile(address)).references())
          .extracting(ObjectReference::id)
          .containsExactly(address);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/report.pdf",
        "https://example.com/files/report.pdf?a=/b",
        "https://bucket.s3.amazonaws.com/a.mp4?X-Amz-Signature=0123456789abcdef",
        "https://youtu.be/a"
      })
  void a_file_on_the_internet_is_no_reference(String uri) {
    assertThat(found(WireFormat.GEMINI, ofFile(uri))).isEqualTo(RequestedObjects.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://generativelanguage.googleapis.com/v1beta/files/a-1",
        "https://example.com/v1beta/files/a-1",
        "https://example.com/files/a-1?alt=media",
        "https://example.com/v1beta/FILES/a-1:download",
        "https://storage.googleapis.com/bucket/a.pdf",
        "https://storage.cloud.google.com/bucket/a.pdf",
        "https://example.com@storage.googleapis.com/bucket/a.pdf",
        "https://storage.googleapis%2ecom/bucket/a.pdf",
        "https:storage.googleapis.com/bucket/a.pdf",
        "http://example.com/report.pdf",
        "HTTPS://example.com/report.pdf",
        "gs://bucket/a.pdf",
        "files/a-1"
      })
  void a_file_that_may_be_of_the_account_is_a_reference(String uri) {
    assertThat(found(WireFormat.GEMINI, ofFile(uri)).references())
        .extracting(ObjectReference::id)
        .containsExactly(uri);
  }

  /** An address as cloud storage signs it, filled up to a length. */
  private static String signed(String begin, int length) {
    String end = "&X-Amz-Signature=0123456789abcdef";
    return begin + "a".repeat(length - begin.length() - end.length()) + end;
  }

  @ParameterizedTest
  @ValueSource(ints = {256, 257, 1_500, 4_096})
  void a_signed_address_on_the_internet_is_no_reference(int length) {
    String uri = signed("https://bucket.s3.eu-central-1.amazonaws.com/a.mp4?X-Amz-Token=", length);
    String server = signed("https://mcp.example.com/sse?token=", length);

    assertThat(found(WireFormat.GEMINI, ofFile(uri))).isEqualTo(RequestedObjects.NONE);
    assertThat(found(WireFormat.GEMINI, ofFile(uri.replace("/", "\\/"))))
        .isEqualTo(RequestedObjects.NONE);
    assertThat(found(WireFormat.OPENAI, "{`tools`:[{`type`:`mcp`,`server_url`:`" + server + "`}]}"))
        .isEqualTo(RequestedObjects.NONE);
    assertThat(found(WireFormat.ANTHROPIC, "{`mcp_servers`:[{`url`:`" + server + "`}]}"))
        .isEqualTo(RequestedObjects.NONE);
  }

  static Stream<String> longTextsThatMayNameSomething() {
    String more = "a".repeat(1_000);
    String host = "https://" + "h".repeat(196) + ".com";
    return Stream.of(
        signed("https://example.com/a.mp4?X-Amz-Token=", 4_097),
        "https://example.com/" + more + "/files/a-1",
        "https://example.com/files/a-1?x=" + more,
        "https://example.com/" + more + "/cachedContents/a-1:x\\n" + more,
        "https://" + more + "@storage.googleapis.com/bucket/a.pdf",
        "https://" + more + "@generativelanguage.googleapis.com/v1beta/files/a-1",
        "https://" + more + ".googleapis.com/x",
        "https://" + more + ".internal/x",
        "https://" + "a.".repeat(1_000) + "com/x",
        "https://example.com" + ".".repeat(1_000) + "/x",
        "http://example.com/" + more,
        "gs://bucket/" + more,
        host + "/" + "v".repeat(256 - host.length() - 12) + "/files/a-1" + "b".repeat(20));
  }

  @ParameterizedTest
  @MethodSource("longTextsThatMayNameSomething")
  void a_long_text_that_may_name_something_is_too_long(String uri) {
    RequestedObjects found = found(WireFormat.GEMINI, ofFile(uri));

    assertThat(found.references()).isEmpty();
    assertThat(found.unclear())
        .hasValueSatisfying(
            unclear -> {
              assertThat(unclear.kind()).isEqualTo(ObjectKind.FILES);
              assertThat(unclear.place()).isEqualTo("fileUri");
              assertThat(unclear.id()).hasSize(256);
            });
  }

  @Test
  void what_stands_behind_the_part_that_is_read_hides_no_id() {
    String address = "s3://bucket/" + "a".repeat(5_000);

    assertThat(found(WireFormat.OPENAI, "{`new`:`" + address + "\\u0000`}").references())
        .extracting(ObjectReference::id)
        .containsExactly(address.substring(0, 256));
    assertThat(found(WireFormat.GEMINI, "{`new`:`files/a-1:\\n" + "a".repeat(5_000) + "`}"))
        .isNotEqualTo(RequestedObjects.NONE);
  }

  @Test
  void names_and_ids_are_kept_up_to_a_length() {
    String name = "a".repeat(5_000);

    assertThat(found(WireFormat.OPENAI, "{`tools`:[{`type`:`" + name + "`}]}").unknownTool())
        .hasValueSatisfying(type -> assertThat(type).hasSize(256));
    assertThat(found(WireFormat.GEMINI, "{`tools`:[{`" + name + "`:{}}]}").unknownTool())
        .hasValueSatisfying(type -> assertThat(type).hasSize(256));
    assertThat(
            found(WireFormat.OPENAI, "{`input`:[{`id`:`" + name + "`,`type`:`item_reference`}]}")
                .references())
        .extracting(ObjectReference::id)
        .containsExactly(name.substring(0, 256));
  }

  /** LiteLLM's ids contain other ids, in Base64. */
  @Test
  void an_id_may_be_long() {
    String id = "resp_" + "a1-_".repeat(254) + "==";
    String body = "{`previous_response_id`:`%1$s`,`input`:[{`id`:`%1$s`,`type`:`item_reference`}]}";

    assertThat(found(WireFormat.OPENAI, body.formatted(id)).references())
        .extracting(ObjectReference::id)
        .containsExactly(id, id);
    assertThat(found(WireFormat.OPENAI, body.formatted(id + "=".repeat(2))).unclear()).isPresent();
  }

  private static String ofFile(String uri) {
    return "{`contents`:[{`parts`:[{`fileData`:{`mimeType`:`a/b`,`fileUri`:`%s`}}]}]}"
        .formatted(uri);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://mcp.example.com/mcp",
        "HTTPS://MCP.example.com:8443/a?b=c#d",
        "https://developers.openai.com/mcp",
        "https://user:secret@mcp.example.com/mcp/a b/\u00e9",
        "https://notanthropic.com",
        "https://tunnel.anthropic.com.example.com/",
        "https://example.com/?u=https://x.tunnel.anthropic.com",
        "https://mcp.example.com/sse",
        "http://mcp.example.com.:8080/sse",
        "https://127.0.0.1.example.com/mcp",
        "https://localhost.example.com/mcp",
        "https://a.b-c.xn--p1ai/mcp",
        "https://[2606:4700::1111]:8443/mcp",
        "https://[2606:4700::1111]",
        "https://[::ffff:8.8.8.8]/mcp",
        "http://8.8.8.8:8080/mcp",
        "http://8.8.8.8/mcp"
      })
  void a_server_on_the_internet_is_no_reference(String address) {
    assertThat(
            found(
                WireFormat.ANTHROPIC,
                "{`mcp_servers`:[{`type`:`url`,`url`:`%s`,`authorization_token`:`%s`}]}"
                    .formatted(address, ID)))
        .isEqualTo(RequestedObjects.NONE);
    assertThat(
            found(
                WireFormat.OPENAI,
                "{`tools`:[{`type`:`mcp`,`server_url`:`%s`}]}".formatted(address)))
        .isEqualTo(RequestedObjects.NONE);
  }

  @Test
  void what_is_no_reference_passes_in_a_known_place() {
    assertThat(
            found(
                WireFormat.GEMINI,
                "{`contents`:[{`parts`:[{`fileData`:{`fileUri`:`https://www.youtube.com/watch?v=a`}}]}]}"))
        .isEqualTo(RequestedObjects.NONE);
    assertThat(
            found(
                WireFormat.GEMINI,
                "{`generationConfig`:{`speechConfig`:{`voiceConfig`:{`voice`:`Kore`}}}}"))
        .isEqualTo(RequestedObjects.NONE);
    assertThat(
            found(
                WireFormat.GEMINI,
                "{`tools`:[{`mcpServers`:[{`streamableHttpTransport`:{`url`:`https://mcp.example.com/x`}}]}]}"))
        .isEqualTo(RequestedObjects.NONE);
    for (String harmless :
        List.of(
            "{`tools`:[{`type`:`mcp`,`connector_id`:`connector_gmail`,`server_url`:null}]}",
            "{`tools`:[{`type`:`mcp`,`server_url`:`HTTPS://mcp.example.com/x`}]}",
            "{`bootstrap_room`:null,`kv_transfer_params`:null}",
            "{`voice_id`:`gb_jane_neutral`}",
            "{`voice_id`:`voice_478`}",
            "{`plugins`:[{`id`:`web`,`max_results`:3},{`id`:`file-parser`,`pdf`:{`engine`:`native`}}]}",
            "{`plugins`:[{`id`:`switchyard-router`,`algorithm`:`stage`}]}",
            "{`background`:true,`background_options`:{`completion_window`:`2h`,"
                + "`continuation_id`:`resp_0123456789abcdef0`}}",
            "{`messages`:[{`content`:`file:///etc/x`},{`content`:[{`text`:`vscode://x`}]}]}",
            "{`input`:[{`type`:`function_call_output`,`output`:`ms://x`}]}")) {
      assertThat(found(WireFormat.OPENAI, harmless)).isEqualTo(RequestedObjects.NONE);
    }
    assertThat(found(WireFormat.OPENAI, "{`previous_response_id`:null,`file_ids`:[]}"))
        .isEqualTo(RequestedObjects.NONE);
    assertThat(found(WireFormat.OLLAMA, "{`file_id`:`x`,`previous_response_id`:`x`}"))
        .isEqualTo(RequestedObjects.NONE);
  }

  @Test
  void citations_of_anthropic_repeat_the_content_of_documents() {
    String document =
        "{`messages`:[{`content`:[{`type`:`document`,`source`:{`type`:`file`,`file_id`:`x`},"
            + "`citations`:%s}]}]}";
    for (String on : List.of("{`enabled`:true}", "{`enabled`:1}", "{`Enabled`:`true`}")) {
      assertThat(found(WireFormat.ANTHROPIC, document.formatted(on)).showsContent())
          .as(on)
          .isTrue();
    }
    for (String off :
        List.of("null", "{}", "{`enabled`:false}", "{`enabled`:null}", "[{`cited_text`:`x`}]")) {
      assertThat(found(WireFormat.ANTHROPIC, document.formatted(off)).showsContent())
          .as(off)
          .isFalse();
    }
  }

  @Test
  void code_of_xai_can_print_the_files_of_the_request() {
    String body =
        "{`input`:[{`role`:`user`,`content`:[{`type`:`input_file`,`file_id`:`x`}]}],"
            + "`tools`:[{`type`:`%s`}]}";

    assertThat(found(WireFormat.OPENAI, body.formatted("code_execution")).showsContent()).isTrue();
    assertThat(found(WireFormat.OPENAI, body.formatted("x_search")).showsContent()).isFalse();
  }

  @Test
  void code_of_gemini_can_print_the_files_of_the_request() {
    String body = "{`contents`:[{`parts`:[{`fileData`:{`fileUri`:`files/x`}}]}],`tools`:[{%s:{}}]}";
    for (String code : List.of("`codeExecution`", "`code_execution`")) {
      assertThat(found(WireFormat.GEMINI, body.formatted(code)).showsContent()).isTrue();
    }
    assertThat(found(WireFormat.GEMINI, body.formatted("`googleSearch`")).showsContent()).isFalse();
    assertThat(found(WireFormat.GEMINI, body.formatted("`codeExecution`")).unknownTool()).isEmpty();
  }

  @Test
  void more_references_than_one_request_may_have_are_not_kept() {
    String many = "`x`,".repeat(100_000) + "`x`";

    assertThat(found(WireFormat.OPENAI, "{`file_ids`:[" + many + "]}").references())
        .hasSize(RequestedObjects.MOST + 1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "\ufeff{}", "{`a`:1}x", "a=b"})
  void what_is_not_json_is_refused(String body) {
    assertThatThrownBy(() -> found(WireFormat.OPENAI, body)).isInstanceOf(CallRefused.class);
  }

  /** Ids at random places of bodies that nobody knows, spelled and cut in all ways. */
  @Test
  void no_place_that_nobody_knows_hides_an_id() {
    long seed = Long.getLong("references.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 3_000; i++) {
      Planted planted = new Planted(random);
      String body = planted.object(0);
      List<String> ids =
          scan(WireFormat.OPENAI, body.getBytes(UTF_8), random).references().stream()
              .map(ObjectReference::id)
              .toList();
      assertThat(ids)
          .as("seed %d: %s", seed, body)
          .containsExactlyInAnyOrderElementsOf(planted.ids);
    }
  }

  /** Random objects of unknown members, with the ids that are in them. */
  private static final class Planted {
    private static final List<String> NAMES =
        List.of("new", "x", "extra", "a_b", "é", "", "fileid2", "id2");
    private static final List<String> TEXTS =
        List.of("", "text", "msg_0123456789abcdef", "files", "file-", "é\\n", "x".repeat(300));

    private final Random random;
    private final List<String> ids = new ArrayList<>();

    Planted(Random random) {
      this.random = random;
    }

    String object(int depth) {
      return random
          .ints(random.nextInt(4), 0, NAMES.size())
          .mapToObj(name -> "\"" + name(NAMES.get(name)) + "\" : " + value(depth))
          .collect(Collectors.joining(", ", "{", "}"));
    }

    private String name(String usual) {
      return random.nextInt(12) == 0 ? id() : usual;
    }

    private String value(int depth) {
      return switch (random.nextInt(depth > 5 ? 3 : 6)) {
        case 0 -> List.of("1", "-1.5e3", "true", "null").get(random.nextInt(4));
        case 1 -> "\"" + TEXTS.get(random.nextInt(TEXTS.size())) + "\"";
        case 2 -> "\"" + id() + "\"";
        case 3 ->
            random
                .ints(random.nextInt(4))
                .mapToObj(element -> value(depth + 1))
                .collect(Collectors.joining(",", "[", "]"));
        default -> object(depth + 1);
      };
    }

    /** An id, in which some characters are escaped. */
    private String id() {
      String id = List.of("file-", "resp_", "vs_", "container_").get(random.nextInt(4)) + "9aZ";
      id += Long.toHexString(random.nextLong() | 1L << 63);
      ids.add(id);
      return id.chars()
          .mapToObj(c -> random.nextInt(9) == 0 ? "\\u%04x".formatted(c) : Character.toString(c))
          .collect(Collectors.joining());
    }
  }

  /** What CountTokens counts for an invocation is the invocation's body, in Base64. */
  private static String counted(String body) {
    String encoded = Base64.getEncoder().encodeToString(body.replace('`', '"').getBytes(UTF_8));
    return "{`input`:{`invokeModel`:{`body`:`" + encoded + "`}}}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{`messages`:[{`content`:[{`video`:{`s3Location`:{`uri`:`s3://b/o`}}}]}]} | OTHER s3://b/o uri",
        "{`messages`:[{`content`:[{`source`:{`file_id`:`x`}}]}]} | FILES x file_id",
        "{`new`:{`deep`:`arn:aws:bedrock:r:1:prompt/x`}} | OTHER arn:aws:bedrock:r:1:prompt/x "
      })
  void what_is_counted_for_an_invocation_is_read_like_the_body_of_one(
      String body, String reference) {
    String slashes = counted(body).replace("/", "\\/");
    String escaped = counted(body).replace("e", "\\u0065");
    for (String whole : List.of(body, counted(body), slashes, escaped)) {
      assertThat(found(WireFormat.BEDROCK, whole).references())
          .extracting(r -> (r.kind() + " " + r.id() + " " + r.place()).strip())
          .as(whole)
          .containsExactly(reference.strip());
    }
  }

  @Test
  void a_long_text_to_count_is_read_to_its_end() {
    String text = "{`messages`:[{`content`:[{`text`:`" + "é".repeat(50_000) + "`}]}]";
    assertThat(found(WireFormat.BEDROCK, counted(text + "}"))).isEqualTo(RequestedObjects.NONE);
    assertThat(found(WireFormat.BEDROCK, counted(text + ",`file_id`:`x`}")).references())
        .extracting(ObjectReference::id)
        .containsExactly("x");
  }

  @Test
  void what_others_could_read_differently_is_not_counted() {
    String good = Base64.getEncoder().encodeToString("{\"a\":1}".getBytes(UTF_8));
    for (String bad :
        List.of(
            "",
            "!",
            good + "=",
            good + "AAAA",
            good.substring(1),
            "e30",
            "e31=",
            "e3==",
            "e30=e30=",
            " " + good,
            good + "\\n",
            "eyJ-",
            "\u00E9",
            "AAAA",
            "e2E6",
            "====",
            "e===")) {
      assertThatThrownBy(
              () -> found(WireFormat.BEDROCK, "{`input`:{`invokeModel`:{`body`:`" + bad + "`}}}"))
          .as(bad)
          .isInstanceOf(CallRefused.class);
    }
    assertThat(found(WireFormat.BEDROCK, counted(counted("{}"))).unclear()).isPresent();
    assertThat(found(WireFormat.BEDROCK, "{`input`:{`invokeModel`:{`body`:{}}}}").unclear())
        .isPresent();
    assertThat(found(WireFormat.BEDROCK, "{`input`:{`invokeModel`:{`body`:1}}}").unclear())
        .isPresent();
  }

  private static RequestedObjects found(WireFormat format, String body) {
    return scan(format, body.replace('`', '"').getBytes(UTF_8), new Random(body.hashCode()));
  }

  private static RequestedObjects scan(WireFormat format, byte[] body, Random random) {
    FoundReferences found = new FoundReferences(format.api().objectPlaces());
    CallReading reading = CallReading.of(new ReferenceScan(found));
    int at = 0;
    while (at < body.length) {
      int to = Math.min(body.length, at + 1 + random.nextInt(random.nextBoolean() ? 4 : 400));
      reading.read(body, at, to);
      at = to;
    }
    reading.end();
    return found.all();
  }
}
