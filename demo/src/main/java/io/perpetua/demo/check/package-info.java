/** What must hold over all services at any quiet moment, read through the public API. */
@NullMarked
package io.perpetua.demo.check;

import org.jspecify.annotations.NullMarked;
