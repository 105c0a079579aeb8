package io.claviger.domain.definitions;

import io.claviger.domain.Description;
import io.claviger.domain.ModelName;
import io.claviger.domain.accounts.Handle;
import io.claviger.domain.fields.CommonFields;
import io.claviger.domain.fields.FieldValues;
import io.claviger.domain.fields.FieldWords;
import io.claviger.domain.fields.ScalarField;
import io.claviger.domain.fields.ScalarForm.Flag;
import io.claviger.domain.fields.ScalarForm.Text;
import io.claviger.domain.fields.ScalarForm.WholeNumber;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The values that an instance copies when it is created from a definition. */
public record DefinitionFields(FieldValues values) {
  public static final ScalarField<Description> DESCRIPTION = CommonFields.DESCRIPTION;
  public static final ScalarField<Provider> PROVIDER =
      ScalarField.required(
          "provider",
          new Text<>(Provider::of, Provider::wireName),
          FieldWords.line("Provider", "A provider from the list of providers"));
  public static final ScalarField<Handle> API_STANDARD =
      ScalarField.required(
          "api_standard",
          new Text<>(Handle::new, Handle::value),
          FieldWords.line("API standard", "The format of calls, and how the key is sent"));
  public static final ScalarField<Endpoint> ENDPOINT =
      ScalarField.required(
          "endpoint",
          new Text<>(Endpoint::ofBaseUrl, Endpoint::url),
          FieldWords.line("Endpoint", "The provider's base URL"));
  public static final ScalarField<ModelName> MODEL =
      ScalarField.required(
          "model",
          new Text<>(ModelName::new, ModelName::value),
          FieldWords.line("Model", "The provider's name for the model"));
  public static final ScalarField<Dimensions> DIMENSIONS =
      ScalarField.optional(
          "dimensions",
          new WholeNumber<>(Dimensions::new, Dimensions::value),
          FieldWords.line("Dimensions", "Of embeddings"));
  public static final ScalarField<ContextLimit> CONTEXT_LIMIT =
      ScalarField.optional(
          "context_limit",
          new WholeNumber<>(ContextLimit::new, ContextLimit::value),
          FieldWords.line("Context limit", "In tokens"));

  /** The fields that an instance copies. */
  public static final List<ScalarField<?>> COPIED =
      List.of(DESCRIPTION, PROVIDER, API_STANDARD, ENDPOINT, MODEL, DIMENSIONS, CONTEXT_LIMIT);

  public static final ScalarField<Boolean> PUBLIC =
      ScalarField.withDefault(
          "public",
          new Flag(),
          false,
          FieldWords.line("Public", "Everybody can create services from this definition"));

  /** The fields of a definition that can be written. */
  public static final List<ScalarField<?>> ALL =
      Stream.concat(COPIED.stream(), Stream.of(PUBLIC, CommonFields.APPLIED_BY)).toList();

  /**
   * @throws IllegalArgumentException when a required field has no value
   */
  public DefinitionFields {
    values.requireComplete(COPIED);
  }

  public DefinitionFields(
      Description description,
      Provider provider,
      Handle apiStandard,
      Endpoint endpoint,
      ModelName model,
      Optional<Dimensions> dimensions,
      Optional<ContextLimit> contextLimit) {
    this(
        FieldValues.NONE
            .with(DESCRIPTION, description)
            .with(PROVIDER, provider)
            .with(API_STANDARD, apiStandard)
            .with(ENDPOINT, endpoint)
            .with(MODEL, model)
            .withOptional(DIMENSIONS, dimensions)
            .withOptional(CONTEXT_LIMIT, contextLimit));
  }

  public DefinitionFields withProvider(Provider other) {
    return new DefinitionFields(values.with(PROVIDER, other));
  }

  public Description description() {
    return values.require(DESCRIPTION);
  }

  public Provider provider() {
    return values.require(PROVIDER);
  }

  public Handle apiStandard() {
    return values.require(API_STANDARD);
  }

  public Endpoint endpoint() {
    return values.require(ENDPOINT);
  }

  public ModelName model() {
    return values.require(MODEL);
  }

  public Optional<Dimensions> dimensions() {
    return values.get(DIMENSIONS);
  }

  public Optional<ContextLimit> contextLimit() {
    return values.get(CONTEXT_LIMIT);
  }
}
