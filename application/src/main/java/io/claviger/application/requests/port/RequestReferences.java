package io.claviger.application.requests.port;

import io.claviger.domain.requests.MissingTerms;
import java.util.Optional;

/**
 * Writes what a refused user lacked as a text for links, which nobody else can read or make. The
 * same always becomes the same text. It gives nothing: whoever follows the link asks in their own
 * name, for what they can see.
 */
public interface RequestReferences {
  /** The longest reference, in characters. */
  int LONGEST = 2_000;

  /** Nobody writes references: there are no links. */
  RequestReferences NONE =
      new RequestReferences() {
        @Override
        public String write(MissingTerms missing) {
          return "";
        }

        @Override
        public Optional<MissingTerms> read(String reference) {
          return Optional.empty();
        }
      };

  /** Returns letters, digits, {@code -} and {@code _}. Never blocks. */
  String write(MissingTerms missing);

  /** Empty when no node with the present encryption keys has written it. */
  Optional<MissingTerms> read(String reference);
}
