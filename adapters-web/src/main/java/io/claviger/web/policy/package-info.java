/** Limits, key policies and roles in JSON, which several resources have in common. */
@NullMarked
package io.claviger.web.policy;

import org.jspecify.annotations.NullMarked;
