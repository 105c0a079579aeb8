package io.claviger.client.apply;

import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of what a file can hold. They are those of the API that can be written. */
final class FileSchemas {
  private static final ValueSchema TEXT = new ValueSchema.Text();
  private static final ValueSchema WHOLE = new ValueSchema.Whole();
  private static final ValueSchema DECIMAL = new ValueSchema.Decimal();
  private static final ValueSchema FLAG = new ValueSchema.Flag();
  private static final ValueSchema TEXTS = new ValueSchema.ListOf(TEXT);

  private static final ValueSchema BUDGETS =
      new ValueSchema.ListOf(
          fields()
              .with("amount", DECIMAL)
              .with(TEXT, "unit", "window", "zone", "bound", "unpriced")
              .schema());

  static final ValueSchema.Fields LIMITS =
      fields()
          .with(WHOLE, "requests_per_minute", "max_output_tokens")
          .with(TEXTS, "models", "operations")
          .with("budgets", BUDGETS)
          .schema();

  static final ValueSchema.Fields DEFINITION = ofDefinitions().with("public", FLAG).schema();

  static final ValueSchema.Fields GROUP_MEMBER = fields().with(TEXT, "user", "role").schema();

  static final ValueSchema.Fields GROUP =
      fields()
          .with(TEXT, "handle", "display_name")
          .with(LIMITS, "limits", "pooled_limits")
          .with("members", new ValueSchema.ListOf(GROUP_MEMBER))
          .schema();

  static final ValueSchema.Fields SERVICE_SHARE =
      fields()
          .with(TEXT, "grantee", "user", "role", "expires_at")
          .with("may_reshare", FLAG)
          .with(LIMITS, "limits", "pooled_limits")
          .schema();

  static final ValueSchema.Fields SERVICE =
      ofDefinitions()
          .with(TEXT, "display_name", "note", "definition", "organization")
          .with("timeout_ms", WHOLE)
          .with(FLAG, "stream_usage", "enabled")
          .with(
              "key_policy",
              fields().with(FLAG, "central_key", "user_keys", "fallback_to_central").schema())
          .with("limits", LIMITS)
          .with("budgets_in_all", BUDGETS)
          .with("api_key", new ValueSchema.Reference())
          .with("custom_headers", new ValueSchema.Named(new ValueSchema.Reference()))
          .with("shares", new ValueSchema.ListOf(SERVICE_SHARE))
          .schema();

  static final ValueSchema.Fields PROJECT_SHARE =
      fields().with(TEXT, "grantee", "user", "role").schema();

  static final ValueSchema.Fields PROJECT =
      fields()
          .with(TEXT, "ref", "description", "service")
          .with("allow_dimension_change", FLAG)
          .with("shares", new ValueSchema.ListOf(PROJECT_SHARE))
          .schema();

  static final ValueSchema.Fields MODEL =
      fields()
          .with(TEXT, "name", "provider", "model", "display_name", "service", "on_failure")
          .with(FLAG, "enabled", "is_default")
          .with(WHOLE, "context_limit", "compression_threshold")
          .with("targets", new ValueSchema.ListOf(fields().with(TEXT, "service", "model").schema()))
          .schema();

  static final ValueSchema.Fields PRICE =
      rates()
          .with(TEXT, "provider", "model", "valid_from")
          .with("long_context", rates().with("above", WHOLE).schema())
          .schema();

  static final ValueSchema.Fields USER =
      fields().with(TEXT, "handle").with("limits", LIMITS).schema();

  private FileSchemas() {}

  private static Builder ofDefinitions() {
    return fields()
        .with(TEXT, "ref", "description", "provider", "api_standard", "endpoint", "model")
        .with(WHOLE, "dimensions", "context_limit");
  }

  private static Builder rates() {
    return fields()
        .with(DECIMAL, "input", "cached_input", "cache_write_5m", "cache_write_1h")
        .with(DECIMAL, "audio_input", "image_input", "output", "reasoning")
        .with(DECIMAL, "audio_output", "image_output", "request", "image");
  }

  private static Builder fields() {
    return new Builder();
  }

  private static final class Builder {
    private final Map<String, ValueSchema> fields = new LinkedHashMap<>();

    Builder with(String name, ValueSchema schema) {
      fields.put(name, schema);
      return this;
    }

    Builder with(ValueSchema schema, String... names) {
      for (String name : names) {
        fields.put(name, schema);
      }
      return this;
    }

    ValueSchema.Fields schema() {
      return new ValueSchema.Fields(Map.copyOf(fields));
    }
  }
}
