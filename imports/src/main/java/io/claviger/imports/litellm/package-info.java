/** The import from LiteLLM: its reader and rules. */
@NullMarked
package io.claviger.imports.litellm;

import org.jspecify.annotations.NullMarked;
