package io.claviger.web.defaults;

import io.claviger.domain.instances.EffectiveDefault;
import java.util.Locale;

/** The service that is currently a user's default, and who chose it. */
record DefaultJson(String service, String source) {
  static DefaultJson of(EffectiveDefault effective) {
    return new DefaultJson(
        effective.service().toString(), effective.source().name().toLowerCase(Locale.ROOT));
  }
}
