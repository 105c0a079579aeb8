/** Opens what the database of a LiteLLM holds encrypted. */
@NullMarked
package io.claviger.imports.litellm.crypto;

import org.jspecify.annotations.NullMarked;
