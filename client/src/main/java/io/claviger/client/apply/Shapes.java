package io.claviger.client.apply;

import java.util.LinkedHashMap;
import java.util.Map;

/** The fields of what a file can hold. They are those of the API that can be written. */
final class Shapes {
  private static final Shape TEXT = new Shape.Text();
  private static final Shape WHOLE = new Shape.Whole();
  private static final Shape DECIMAL = new Shape.Decimal();
  private static final Shape FLAG = new Shape.Flag();
  private static final Shape TEXTS = new Shape.ListOf(TEXT);

  private static final Shape BUDGETS =
      new Shape.ListOf(
          fields()
              .with("amount", DECIMAL)
              .with(TEXT, "unit", "window", "zone", "bound", "unpriced")
              .shape());

  static final Shape.Fields LIMITS =
      fields()
          .with(WHOLE, "requests_per_minute", "max_output_tokens")
          .with(TEXTS, "models", "operations")
          .with("budgets", BUDGETS)
          .shape();

  static final Shape.Fields DEFINITION = ofDefinitions().with("public", FLAG).shape();

  static final Shape.Fields GROUP_MEMBER = fields().with(TEXT, "user", "role").shape();

  static final Shape.Fields GROUP =
      fields()
          .with(TEXT, "handle", "display_name")
          .with(LIMITS, "limits", "pooled_limits")
          .with("members", new Shape.ListOf(GROUP_MEMBER))
          .shape();

  static final Shape.Fields SERVICE_SHARE =
      fields()
          .with(TEXT, "grantee", "user", "role", "expires_at")
          .with("may_reshare", FLAG)
          .with(LIMITS, "limits", "pooled_limits")
          .shape();

  static final Shape.Fields SERVICE =
      ofDefinitions()
          .with(TEXT, "display_name", "note", "definition", "organization")
          .with("timeout_ms", WHOLE)
          .with(FLAG, "stream_usage", "enabled")
          .with(
              "key_policy",
              fields().with(FLAG, "central_key", "user_keys", "fallback_to_central").shape())
          .with("limits", LIMITS)
          .with("budgets_in_all", BUDGETS)
          .with("api_key", new Shape.Reference())
          .with("custom_headers", new Shape.Named(new Shape.Reference()))
          .with("shares", new Shape.ListOf(SERVICE_SHARE))
          .shape();

  static final Shape.Fields PROJECT_SHARE = fields().with(TEXT, "grantee", "user", "role").shape();

  static final Shape.Fields PROJECT =
      fields()
          .with(TEXT, "ref", "description", "service")
          .with("allow_dimension_change", FLAG)
          .with("shares", new Shape.ListOf(PROJECT_SHARE))
          .shape();

  static final Shape.Fields MODEL =
      fields()
          .with(TEXT, "name", "provider", "model", "display_name", "service", "on_failure")
          .with(FLAG, "enabled", "is_default")
          .with(WHOLE, "context_limit", "compression_threshold")
          .with("targets", new Shape.ListOf(fields().with(TEXT, "service", "model").shape()))
          .shape();

  static final Shape.Fields PRICE =
      rates()
          .with(TEXT, "provider", "model", "valid_from")
          .with("long_context", rates().with("above", WHOLE).shape())
          .shape();

  static final Shape.Fields USER = fields().with(TEXT, "handle").with("limits", LIMITS).shape();

  private Shapes() {}

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
    private final Map<String, Shape> fields = new LinkedHashMap<>();

    Builder with(String name, Shape shape) {
      fields.put(name, shape);
      return this;
    }

    Builder with(Shape shape, String... names) {
      for (String name : names) {
        fields.put(name, shape);
      }
      return this;
    }

    Shape.Fields shape() {
      return new Shape.Fields(Map.copyOf(fields));
    }
  }
}
