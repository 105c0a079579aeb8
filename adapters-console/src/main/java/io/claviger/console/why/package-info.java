/** Why a call passes or not, rule by rule, as the use cases explain it. */
@NullMarked
package io.claviger.console.why;

import org.jspecify.annotations.NullMarked;
