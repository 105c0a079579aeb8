/** Limits and key policies in JSON, as several resources have them. */
@NullMarked
package io.claviger.web.policy;

import org.jspecify.annotations.NullMarked;
