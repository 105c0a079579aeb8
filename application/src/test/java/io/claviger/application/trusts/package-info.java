@NullMarked
package io.claviger.application.trusts;

import org.jspecify.annotations.NullMarked;
