package io.claviger.domain.credentials;

import io.claviger.domain.InvalidValue;
import io.claviger.domain.WireNamed;
import java.util.regex.Pattern;

/** A cloud whose machines and pods have an identity. */
public enum Cloud implements WireNamed {
  AWS(
      "(?:[a-z0-9-]+\\.)?bedrock(?:-[a-z-]+)?\\."
          + "[a-z]{2,8}(?:-[a-z]{1,16}){1,3}-[0-9]{1,2}\\.(?:vpce\\.)?"
          + "(?:amazonaws\\.(?:com(?:\\.cn)?|eu)|api\\.aws)"),
  GOOGLE(
      "(?:(?:[a-z0-9-]+-)?aiplatform|aiplatform\\.[a-z0-9-]+\\.rep|generativelanguage)"
          + "\\.googleapis\\.com"),
  AZURE(
      "[a-z0-9-]+\\.(?:(?:openai|cognitiveservices|services\\.ai|models\\.ai)"
          + "\\.azure\\.(?:com|us|cn)|api\\.cognitive\\.microsoft\\.com)");

  private final Pattern hosts;

  Cloud(String hosts) {
    this.hosts = Pattern.compile(hosts);
  }

  /**
   * Whether a host belongs to the cloud's own model services. The cloud's domains also contain
   * customers' machines ({@code compute.amazonaws.com}, {@code cloudapp.azure.com}), and buckets
   * that customers named ({@code bedrock-mine.s3.amazonaws.com}). Hosts of customers must not get a
   * token of the operator's machine.
   */
  public boolean serves(String host) {
    return hosts.matcher(host).matches();
  }

  /**
   * @throws InvalidValue if the text is not a cloud; the exception names the allowed values
   */
  public static Cloud of(String text) {
    return WireNamed.find(values(), text)
        .orElseThrow(() -> new InvalidValue("cloud", "aws, google, azure"));
  }
}
