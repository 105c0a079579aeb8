@NullMarked
package io.claviger.application.rejectedkeys;

import org.jspecify.annotations.NullMarked;
